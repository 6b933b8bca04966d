import GitSource
import Glibc
import Linux
import Manifests
import PodModel

/// The manifests at a path of this machine, read as the agent reads those of a commit.
struct ManifestsAtPath {
    /// Named relative to the directory; a file by itself, as it was named on the command line.
    let files: [ManifestFile]
    let unreadable: [UnreadableManifest]

    /// Reads a directory, or one file.
    ///
    /// - Throws: `CommandFailure` (usage) when there is nothing of that name, or it may not be read.
    init(_ path: String) throws {
        do {
            if try Self.isDirectory(path) {
                let contents = try ManifestDirectory(path: path).read()
                files = contents.files.map { ManifestFile(path: $0.path, contents: $0.contents) }
                unreadable = contents.unreadable.map(UnreadableManifest.init)
            } else {
                (files, unreadable) = try Self.file(path)
            }
        } catch let error as SystemError {
            throw CommandFailure(
                .usage, "\(path) cannot be read: \(error.reason)\(error.subject.map { " (\($0))" } ?? "")",
                hint: error.code == ENOENT ? "name a file, or a directory of manifests" : nil)
        } catch let error as ManifestDirectoryError {
            throw CommandFailure(.usage, "\(path) cannot be read: \(error)")
        }
    }

    private static func isDirectory(_ path: String) throws(SystemError) -> Bool {
        try Descriptor.open(path, O_RDONLY | O_NONBLOCK).status().kind == .directory
    }

    private static func file(_ path: String) throws -> ([ManifestFile], [UnreadableManifest]) {
        let limit = SourceLimits().fileBytes
        let file = try Descriptor.open(path)
        let size = try file.status().size
        if size > Int64(limit) {
            let reason = UnreadableEntry.Reason.tooLarge(size: Int(size), limit: limit)
            return ([], [UnreadableManifest(UnreadableEntry(path: path, reason: reason))])
        }
        return ([ManifestFile(path: path, contents: try file.readToEnd())], [])
    }
}
