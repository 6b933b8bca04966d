import Foundation
import Glibc
import Linux

/// The directory of what outlives a reboot: who may change it, and which version wrote it.
enum StateDirectory {
    /// Newer state than this is refused: a binary that does not know it would lose what it says.
    static let version = 1

    /// Makes the node's directories if there are none, and runs `body` while they belong to this process alone.
    ///
    /// - Throws: `CommandFailure` (usage) when another agent has them, or a newer version wrote them; what `body` throws.
    static func claim<Result: Sendable>(
        _ directories: NodeDirectories, _ body: () async throws -> Result
    ) async throws -> Result {
        for directory in [directories.state, directories.run] { try prepare(directory) }
        try checkVersion(in: directories.state)
        let lock = try Descriptor.open(path(in: directories), O_RDWR | O_CREAT | O_NOFOLLOW)
        guard try lock.tryLock() else {
            throw CommandFailure(
                .usage, "another reconcile-agent works with \(directories.state)",
                hint: "stop it first, or give this one directories of its own: --state-dir, --run-dir")
        }
        let result = try await body()
        _ = consume lock
        return result
    }

    private static func path(in directories: NodeDirectories) -> String { "\(directories.state)/lock" }

    /// Whether some agent has claimed a directory now; false when there is none.
    static func isClaimed(_ directories: NodeDirectories) throws -> Bool {
        do {
            return try !Descriptor.open(path(in: directories), O_RDWR | O_NOFOLLOW).tryLock()
        } catch  where error.code == ENOENT {
            return false
        }
    }

    /// Makes a directory of the node's, for its owner alone.
    static func prepare(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                .usage, "the directory \(path) cannot be made: \(error.localizedDescription)",
                hint: "choose another with --state-dir or --run-dir")
        }
    }

    private static func checkVersion(in path: String) throws {
        let file = StateFile(directory: path, name: "version")
        guard let bytes = try file.read() else { return try file.write(Array("\(version)\n".utf8)) }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let found = Int(text), found <= version else {
            throw CommandFailure(
                .usage, "\(path) was written by a newer reconcile-agent (\(file.path) says \(text.prefix(20)))",
                hint: "use that version, or another --state-dir")
        }
    }
}
