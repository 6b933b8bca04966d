import Foundation
import Glibc
import Testing

@Suite("Scenario 17: what breaks on the node is mended")
struct DriftTests {
    @Test("a container that is killed comes back alone: same Pod, same address, one restart more")
    func containerKilled() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4001)], "Run a")
            try node.startAgent()
            let before = try await node.running("a")

            for process in try node.processes(named: "sh") where process.isFirstOfContainer { process.kill() }

            let after = try await node.running("a") { $0.restarts(of: "main") == 1 }
            #expect(after.uid == before.uid && after.address == before.address)
            #expect(after.lastExitCode(of: "main") == 137)
            let row = try await node.row("a")
            #expect(row[3].contains(/^1 \(\d+s ago\)$/), "\(row)")
        }
    }

    @Test("a supervisor that is killed, and a cgroup that is deleted, cost a new sandbox of the same Pod")
    func supervisorKilled() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4001)], "Run a")
            try node.startAgent()
            let before = try await node.running("a")

            for process in try node.processes(named: "pod-supervisor") { process.kill() }

            let after = try await node.running("a") { $0.containerID(of: "main") != before.containerID(of: "main") }
            #expect(after.uid == before.uid)
            #expect(try node.processes(named: "pause").count == 1, "nothing of the old sandbox is left")
        }
    }
}
