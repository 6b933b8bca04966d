import Glibc
import Linux
import Synchronization

/// Tells the worker that unpacks a blob while it comes whenever its file has grown, and that all of it is there.
///
/// A pipe: one byte says "look again", its end "there will be no more". The blob's own bytes go through the file alone, so
/// that nothing piles up in memory however slow the worker is.
final class BlobArrival: Sendable {
    /// Which descriptor of the worker's is the pipe's reading end.
    static let number: Int32 = 3

    /// The reading end.
    let reader: DescriptorBag
    private let writer: Mutex<Descriptor?>

    init() throws(SystemError) {
        let pipe = try Pipe()
        try pipe.writing.setNonBlocking()
        // It stays open here as well, so that writing to a worker that has died does no harm.
        reader = try DescriptorBag(copying: [pipe.reading.raw])
        writer = Mutex(pipe.intoWriting())
    }

    /// More of the blob is in its file.
    func note() {
        writer.withLock { writer in
            var byte: UInt8 = 1
            // Into a full pipe nothing needs to be written: it says "look again" already.
            write(BlobArrival.number(of: writer), &byte, 1)
        }
    }

    /// All of the blob is in its file, and is what its digest promises.
    func end() { writer.withLock { $0 = nil } }

    private static func number(of descriptor: borrowing Descriptor?) -> Int32 {
        switch descriptor {
        case .some(let descriptor): descriptor.raw
        case .none: -1
        }
    }
}
