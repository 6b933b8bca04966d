import Foundation
import Testing

@Suite("A node without a Pod, from the command line")
struct NodeTests {
    @Test("a repository that is not there exits with 3 each time; down leaves nothing")
    func noRepository() async throws {
        try await withNode { node in
            for _ in 1...2 {
                let agent = try await node.run("reconcile", "--once", "--repo", "/no/such/repository")
                #expect(agent.status == 3)
                #expect(agent.errors.contains("no Git repository at /no/such/repository"))
            }

            let down = try await node.run("down")
            #expect(down.status == 0, "said: \(down.errors)")
            #expect(node.cgroups == [])
        }
    }

    @Test("nothing is there to end where no agent ever ran")
    func nothingToEnd() async throws {
        try await withNode { node in
            let down = try await node.run("down")

            #expect(down.status == 0)
            #expect(down.errors.hasPrefix("Nothing to end"))
        }
    }
}

/// Directories and a cgroup parent of the test's own.
private struct CommandLineNode {
    let directory: String
    let name: String

    func run(_ arguments: String...) async throws -> AgentProcess {
        try await AgentProcess.run(
            arguments,
            variables: [
                "RECONCILE_AGENT_STATE_DIR": "\(directory)/state", "RECONCILE_AGENT_RUN_DIR": "\(directory)/run",
                "RECONCILE_AGENT_LOG_DIR": "\(directory)/log", "RECONCILE_AGENT_CGROUP_PARENT": name,
                "RECONCILE_AGENT_NODE_NAME": "test", "RECONCILE_AGENT_BRIDGE": "br0",
                "RECONCILE_AGENT_IP_FORWARD": "false",
            ])
    }

    /// The node's parts of the machine's cgroup trees.
    var cgroups: [String] {
        let trees = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/fs/cgroup")) ?? []
        return ([""] + trees).map { "/sys/fs/cgroup/\($0)/\(name)" }.filter(FileManager.default.fileExists)
    }
}

private func withNode(_ body: (CommandLineNode) async throws -> Void) async throws {
    try await withTemporaryDirectory { directory in
        let node = CommandLineNode(directory: directory, name: "reconcile-test-\(UUID().uuidString.prefix(8))")
        do {
            try await body(node)
        } catch {
            _ = try await node.run("down")
            throw error
        }
        _ = try await node.run("down")
    }
}
