import Glibc
import Linux

/// The file with a layer's blob, read from its start to its end; while it is still arriving, as far as it has come.
final class LayerBlob {
    private let file: Descriptor
    /// Where the agent tells that more has come; nil once all has.
    private var arrival: Descriptor?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    init(_ path: String, isArriving: Bool) throws(SystemError) {
        file = try Descriptor.open(path, O_RDONLY | O_NOFOLLOW)
        arrival = isArriving ? Descriptor(owning: BlobArrival.number) : nil
    }

    deinit { buffer.deallocate() }

    /// Bytes that have come.
    var size: Int64 { get throws(SystemError) { try file.status().size } }

    /// The next bytes, valid until the next call; nil at the end. Waits for what is yet to come.
    func next() throws(SystemError) -> UnsafeRawBufferPointer? {
        let (raw, buffer) = (file.raw, buffer)
        while true {
            let count = try retrying("read") { read(raw, buffer.baseAddress, buffer.count) }
            if count > 0 { return UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
            // The end of the file is the end of the blob only where it was one before this read.
            if try !awaitMore() { return nil }
        }
    }

    /// Waits until more may have come; false when all had been there before this call.
    func awaitMore() throws(SystemError) -> Bool {
        let raw = LayerBlob.number(arrival)
        if raw < 0 { return false }
        var notes = [UInt8](repeating: 0, count: 4 << 10)
        let count = try retrying("read") { notes.withUnsafeMutableBytes { read(raw, $0.baseAddress, $0.count) } }
        if count == 0 { arrival = nil }
        return true
    }

    private static func number(_ descriptor: borrowing Descriptor?) -> Int32 {
        switch descriptor {
        case .some(let descriptor): descriptor.raw
        case .none: -1
        }
    }
}
