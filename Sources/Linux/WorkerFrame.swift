import Glibc

/// How requests and answers follow each other between this process and a worker that stays: their length in eight bytes,
/// little-endian, then their bytes. Both ends are the same binary.
enum WorkerFrame {
    static let headerSize = 8

    static func framed(_ body: [UInt8]) -> [UInt8] {
        let length = UInt64(body.count)
        return stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: length >> $0) } + body
    }

    /// How many bytes the frame has that `bytes` begin, its header included; nil while that is not known.
    static func size(of bytes: [UInt8]) -> Int? {
        if bytes.count < headerSize { return nil }
        let length = bytes.prefix(headerSize).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return min(Int(clamping: length), .max - headerSize) + headerSize
    }

    /// What `bytes`, all of them, frame; nil when they are no frame.
    static func body(of bytes: [UInt8]) -> [UInt8]? {
        size(of: bytes) == bytes.count ? Array(bytes.dropFirst(headerSize)) : nil
    }
}

/// The main of a worker that stays: reads requests from standard input, and writes the answer to each to standard output,
/// until the input ends.
///
/// - Throws: what `answer` throws: there is no answer then, and the worker is to end.
public func answerRequests(_ answer: ([UInt8]) throws -> [UInt8]) throws {
    let input = Descriptor(owning: STDIN_FILENO)
    let output = Descriptor(owning: STDOUT_FILENO)
    while let header = try input.readExactly(WorkerFrame.headerSize), let size = WorkerFrame.size(of: header),
        let request = try input.readExactly(size - WorkerFrame.headerSize)
    {
        try output.writeAll(WorkerFrame.framed(try answer(request)))
    }
}

extension Descriptor {
    /// Reads so many bytes; nil when the file ends before.
    fileprivate borrowing func readExactly(_ count: Int) throws(SystemError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let raw = raw
        while bytes.count < count {
            let wanted = min(chunk.count, count - bytes.count)
            let some = try retrying("read") { chunk.withUnsafeMutableBytes { read(raw, $0.baseAddress, wanted) } }
            if some == 0 { return nil }
            bytes.append(contentsOf: chunk[..<some])
        }
        return bytes
    }
}
