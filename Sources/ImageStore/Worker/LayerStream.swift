import CLibArchive
import Crypto

/// The uncompressed bytes of a layer, digested and counted on their way to the tar reader.
///
/// A class, because libarchive's callback needs an address that stays.
final class LayerStream {
    private let source: ArchiveReader
    private let allowance: Int64
    private var hash = SHA256()
    private var count: Int64 = 0
    /// What went wrong in the callback, where nothing can be thrown.
    private(set) var failure: (any Error)?

    /// Reads the blob open at `descriptor`, which must outlive the stream; at most `allowance` bytes may come out.
    init(descriptor: Int32, allowance: Int64) throws {
        source = try ArchiveReader.make(.raw, decompressing: true)
        self.allowance = allowance
        try source.open(descriptor: descriptor)
        // Raw archives have one entry, empty ones none.
        _ = try source.next()
    }

    /// Has `reader` read its bytes from here; this stream must outlive it.
    func feed(_ reader: borrowing ArchiveReader) throws {
        let status = archive_read_open(
            reader.handle, Unmanaged.passUnretained(self).toOpaque(), nil,
            { _, stream, buffer in
                guard let stream, let buffer else { return -1 }
                return Unmanaged<LayerStream>.fromOpaque(stream).takeUnretainedValue().read(into: buffer)
            }, nil)
        guard status == ARCHIVE_OK else {
            throw failure ?? Refusal("its layer is no tar (\(lastWords(reader.handle)))")
        }
    }

    /// Reads what follows the end of the tar, which the digest covers too, and gives the digest of everything.
    func finish() throws -> Digest {
        if let failure { throw failure }
        while try next() != nil {}
        return Digest(hash.finalize())
    }

    private func read(into buffer: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do {
            guard let bytes = try next() else { return 0 }
            buffer.pointee = bytes.baseAddress
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }

    private func next() throws -> UnsafeRawBufferPointer? {
        while let (bytes, _) = try source.nextBlock() {
            if bytes.isEmpty { continue }
            hash.update(bufferPointer: bytes)
            count += Int64(bytes.count)
            if count > allowance { throw Refusal("its layer grows beyond \(allowance) bytes when decompressed") }
            return bytes
        }
        return nil
    }
}
