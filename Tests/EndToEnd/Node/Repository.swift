import Foundation
import Linux
import Patience

/// A bare repository that a node follows, and the work tree that its owner pushes from.
struct Repository: Sendable {
    /// What the node is told.
    let url: String
    private let bare: String
    private let work: String

    init(below base: String) async throws {
        bare = "\(base)/node.git"
        work = "\(base)/work"
        url = "file://\(bare)"
        try await git("init", "--quiet", "--bare", "--initial-branch=main", bare)
        try await git("init", "--quiet", "--initial-branch=main", work)
    }

    /// Writes files (nil removes one), commits and pushes.
    ///
    /// - Returns: the revision.
    @discardableResult
    func push(_ files: [String: String?], _ subject: String, author: String = "Ada") async throws -> String {
        for (path, text) in files {
            let file = URL(filePath: "\(work)/\(path)")
            if let text {
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try text.write(to: file, atomically: true, encoding: .utf8)
            } else {
                try FileManager.default.removeItem(at: file)
            }
        }
        try await git("-C", work, "add", "--all")
        try await git("-C", work, "commit", "--quiet", "--message", subject, "--author", "\(author) <ada@example.org>")
        try await git("-C", work, "push", "--quiet", url, "HEAD:main")
        return try await git("-C", work, "rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @discardableResult
    private func git(_ arguments: String...) async throws -> String {
        let said = Said(
            try await WorkerCommand(executable: "/usr/bin/git").run(
                arguments, timeout: .seconds(30 * patience),
                environment: [
                    "PATH": "/usr/bin:/bin", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
                    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_COMMITTER_NAME": "Ada",
                    "GIT_COMMITTER_EMAIL": "ada@example.org",
                ]))
        guard said.status == 0 else { throw NodeFailure("git \(arguments.joined(separator: " ")): \(said)") }
        return said.output
    }
}
