import Glibc
import Linux

/// The archive could not be opened at all.
struct UnreadableArchive: Error, CustomStringConvertible {
    let description: String
}

/// Where images come from: a tar (plain, gzip or zstd), or an OCI layout's directory. Opened before confinement.
struct ArchiveSource: ~Copyable {
    private let descriptor: Descriptor
    private let status: FileStatus

    /// Opens what a user named; here links are followed, as everywhere on a command line.
    static func open(_ path: String) throws(UnreadableArchive) -> ArchiveSource {
        do throws(SystemError) {
            // Should it be a fifo, nobody may ever write to it.
            let descriptor = try Descriptor.open(path, O_RDONLY | O_NONBLOCK)
            let status = try descriptor.status()
            return ArchiveSource(descriptor: descriptor, status: status)
        } catch {
            throw UnreadableArchive(description: error.reason)
        }
    }

    private init(descriptor: consuming Descriptor, status: FileStatus) {
        self.descriptor = descriptor
        self.status = status
    }

    /// Copies every file into the working directory under its digest.
    func stage(limits: UnpackLimits) throws -> StagedFiles {
        switch status.kind {
        case .regular: try stageTar(descriptor, compressedSize: status.size, limits: limits)
        case .directory: try stageLayout(descriptor, limits: limits)
        case .other: throw UnreadableArchive(description: "it is neither a file nor a directory")
        }
    }
}
