import CLibArchive
import Crypto

/// The uncompressed bytes of a layer, digested and counted on their way to the tar reader.
///
/// A class, because libarchive's callback needs an address that stays.
final class LayerStream {
    private let source: ArchiveReader
    private let blob: LayerBlob
    private let limits: UnpackLimits
    /// How many bytes what has come of the blob may grow to.
    private var allowance: Int64 = 0
    private var hash = SHA256()
    private var count: Int64 = 0
    /// What went wrong in a callback, where nothing can be thrown.
    private(set) var failure: (any Error)?

    /// Reads a blob; no more than `limits` allow may come out.
    init(_ blob: LayerBlob, limits: UnpackLimits) throws {
        source = try ArchiveReader.make(.raw, decompressing: true)
        self.blob = blob
        self.limits = limits
        let status = archive_read_open(
            source.handle, Unmanaged.passUnretained(self).toOpaque(), nil,
            { _, stream, buffer in
                guard let stream, let buffer else { return -1 }
                return Unmanaged<LayerStream>.fromOpaque(stream).takeUnretainedValue().fill(buffer) {
                    try $0.blob.next()
                }
            }, nil)
        guard status == ARCHIVE_OK else {
            throw failure ?? UnsoundArchive("its layer is not compressed soundly (\(lastWords(source.handle)))")
        }
        // Raw archives have one entry, empty ones none.
        do { _ = try source.next() } catch { throw failure ?? error }
    }

    /// Has `reader` read its bytes from here; this stream must outlive it.
    func feed(_ reader: borrowing ArchiveReader) throws {
        let status = archive_read_open(
            reader.handle, Unmanaged.passUnretained(self).toOpaque(), nil,
            { _, stream, buffer in
                guard let stream, let buffer else { return -1 }
                return Unmanaged<LayerStream>.fromOpaque(stream).takeUnretainedValue().fill(buffer) { try $0.next() }
            }, nil)
        guard status == ARCHIVE_OK else {
            throw failure ?? UnsoundArchive("its layer is no tar (\(lastWords(reader.handle)))")
        }
    }

    /// Reads what follows the end of the tar, which the digest covers too, and gives the digest of everything.
    func finish() throws -> Digest {
        if let failure { throw failure }
        while try next() != nil {}
        return Digest(hash.finalize())
    }

    /// Answers a callback of libarchive's.
    private func fill(
        _ buffer: UnsafeMutablePointer<UnsafeRawPointer?>, from next: (LayerStream) throws -> UnsafeRawBufferPointer?
    ) -> Int {
        do {
            guard let bytes = try next(self) else { return 0 }
            buffer.pointee = bytes.baseAddress
            return bytes.count
        } catch {
            failure = failure ?? error
            return -1
        }
    }

    private func next() throws -> UnsafeRawBufferPointer? {
        while let bytes = try decompressed() {
            if bytes.isEmpty { continue }
            hash.update(bufferPointer: bytes)
            count += Int64(bytes.count)
            try requireAllowance()
            return bytes
        }
        return nil
    }

    private func decompressed() throws -> UnsafeRawBufferPointer? {
        // Why the blob could not be read is not for the reader to know.
        do { return try source.nextBlock()?.bytes } catch { throw failure ?? error }
    }

    /// A layer is never unpacked further than what has come of its blob allows, whatever size its manifest promises.
    private func requireAllowance() throws {
        while count > allowance {
            allowance = limits.allowance(forCompressed: try blob.size)
            if count <= allowance { return }
            if count > limits.bytes { break }
            if try !blob.awaitMore() { break }
        }
        guard count > allowance else { return }
        throw Refusal("its layer grows beyond \(allowance) bytes when decompressed")
    }
}
