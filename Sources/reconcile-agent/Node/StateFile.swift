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
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try replaceFile(name, in: directory, with: bytes)
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
