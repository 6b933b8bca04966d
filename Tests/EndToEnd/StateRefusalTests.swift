import Foundation
import Testing

@Suite("A state directory that cannot be written to ends with exit code 2, and nothing is lost")
struct StateRefusalTests {
    @Test("read-only: what runs goes on, and the next agent goes on with it")
    func readOnly() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4001)], "Run a")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            let before = try await node.pod("a")?.life
            let state = "\(node.base)/state"
            #expect(try await node.run("mount", ["--bind", state, state]).status == 0)
            #expect(try await node.run("mount", ["-o", "remount,bind,ro", state]).status == 0)

            let said = try await node.agent("reconcile", "--once")
            let doctor = try await node.agent("doctor")

            expect(said, exits: 2, saying: ["cannot be written", state, "Read-only file system", "doctor"])
            #expect(doctor.status == 1 && doctor.output.contains(/PROBLEM\s+state\b/), "\(doctor)")
            #expect(try await node.pod("a")?.life == before, "to look is still possible")
            #expect(try await node.run("umount", [state]).status == 0)
            #expect(try await node.agent("reconcile", "--once").status == 0)
            #expect(try await node.pod("a")?.life == before)
        }
    }

    @Test("full: the same, until there is room again")
    func full() async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["README.md": "Nothing yet.\n"], "Begin")
            let state = "\(node.base)/state"
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            #expect(
                try await node.run("mount", ["-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", state]).status == 0)
            _ = try await node.run("sh", ["-c", "cat /dev/zero > \(state)/fill"])

            expect(
                try await node.agent("reconcile", "--once"), exits: 2,
                saying: ["cannot be written", "No space left on device", "doctor"])

            #expect(try await node.run("rm", ["\(state)/fill"]).status == 0)
            #expect(try await node.agent("reconcile", "--once").status == 0)
            #expect(try await node.agent("down").status == 0, "while its state can still be seen")
            #expect(try await node.run("umount", [state]).status == 0)
        }
    }
}
