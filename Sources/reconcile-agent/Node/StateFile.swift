import Foundation
import Glibc
import Linux

/// A small file of the state directory; each version of it appears whole.
struct StateFile: Sendable {
    /// The directory, made when the file is first written.
    let directory: String
    let name: String

    var path: String { "\(directory)/\(name)" }

    /// The file's bytes; nil when there is none.
    func read() throws(SystemError) -> [UInt8]? {
        do {
            return try Descriptor.open(path).readToEnd()
        } catch  where error.code == ENOENT {
            return nil
        }
    }

    /// Replaces the file, durably.
    func write(_ bytes: [UInt8]) throws {
        try makePrivateDirectory(directory)
        try replaceFile(name, in: directory, with: bytes)
    }

    /// Moves the file out of the way, to where a person finds it.
    ///
    /// - Returns: where it is now.
    func setAside(as aside: String) throws(SystemError) -> String {
        let (from, to) = (path, "\(directory)/\(aside)")
        try retrying("rename", from) { rename(from, to) }
        return to
    }

    /// Replaces the file in one step, for readers; after a crash of the machine it may be gone or cut short.
    func writeUnsynced(_ bytes: [UInt8]) throws(SystemError) {
        let (temporary, path) = ("\(directory)/.tmp-\(name)", path)
        let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
        try file.writeAll(bytes)
        try retrying("rename", temporary) { rename(temporary, path) }
    }

    /// Removes the file, if there is one.
    func remove() throws(SystemError) {
        let path = path
        do {
            try retrying("unlink", path) { unlink(path) }
        } catch  where error.code == ENOENT {
            return
        }
    }
}

/// Makes a directory for its owner alone, and those above it, where there is none.
///
/// - Throws: `CommandFailure` (usage) when it cannot be made.
func makePrivateDirectory(_ path: String) throws {
    do {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
        throw CommandFailure(
            .usage, "the directory \(path) cannot be made: \(error.localizedDescription)",
            hint: "choose another with --state-dir")
    }
}
