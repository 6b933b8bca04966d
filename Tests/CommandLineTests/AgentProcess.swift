import Foundation
import Linux
import Patience

/// Runs the built command as users do, and keeps what it said.
struct AgentProcess {
    let status: Int32
    let output: String
    let errors: String

    /// Runs `reconcile-agent` with `arguments` to its end, in an environment of `PATH` and `variables` alone, and in a
    /// network namespace of its own: a node that it makes is no link of the machine's.
    static func run(_ arguments: [String], variables: [String: String] = [:]) async throws -> AgentProcess {
        let command = WorkerCommand(executable: "/usr/bin/unshare", arguments: ["--net", executable])
        let ended = try await command.run(
            arguments, timeout: .seconds(60 * patience),
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"].merging(variables) { $1 })
        let status: Int32 = if case .exited(let code) = ended.status { code } else { -1 }
        return AgentProcess(
            status: status, output: String(decoding: ended.standardOutput, as: UTF8.self),
            errors: String(decoding: ended.standardError, as: UTF8.self))
    }

    /// The command stands beside the test bundle, which is this very program.
    private static var executable: String {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "reconcile-agent")
            .path(percentEncoded: false)
    }
}

/// A directory of the test's own, removed at its end.
func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "agent-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(directory.path(percentEncoded: false))
}
