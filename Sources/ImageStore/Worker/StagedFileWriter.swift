import Crypto
import Glibc
import Linux

/// Writes one file into the working directory; when all of it is there, the file takes its digest as name.
struct StagedFileWriter: ~Copyable {
    private static let temporary = "incoming"
    private let file: Descriptor
    private var hash = SHA256()
    private var size: Int64 = 0

    init() throws {
        // A run that failed before ends with its directory, so nothing but our own last file can be there.
        file = try Descriptor.open(StagedFileWriter.temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        hash.update(bufferPointer: bytes)
        size += Int64(bytes.count)
        try file.writeAll(bytes)
    }

    consuming func finish() throws -> StagedFiles.File {
        let digest = Digest(hash.finalize())
        try retrying("rename", digest.hex) { rename(StagedFileWriter.temporary, digest.hex) }
        return StagedFiles.File(digest: digest, size: size)
    }
}
