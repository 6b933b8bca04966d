import Testing

@Suite("What a person wants done now")
struct SyncTests {
    @Test("sync --pod forgets what holds a Pod back; sync has a push seen at once")
    func now() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(
                ["a/pod.yaml": Written.running("exit 1", as: "crash")], "Run what crashes")
            try node.startAgent("--interval", "10m")
            try await node.eventually("it is held back") {
                try await node.row("crash").contains("CrashLoopBackOff")
            }
            #expect(try await node.pod("crash")?.restarts(of: "main") == 1)
            let held = ContinuousClock.now

            let said = try await node.agent("sync", "--pod", "crash")
            #expect(said.status == 0 && said.output == "default/crash is tried again\n", "\(said)")
            try await node.eventually("it was started again") { try await node.pod("crash")?.restarts(of: "main") == 2 }
            #expect(ContinuousClock.now - held < .seconds(10), "not because its time had come")

            try await node.repository.push(["b/pod.yaml": Written.sleeper("late", seconds: 4001)], "Run another")
            let asked = try await node.agent("sync")
            #expect(asked.status == 0 && asked.output == "the source is asked for a new revision\n", "\(asked)")
            _ = try await node.running("late")

            let missing = try await node.agent("sync", "--pod", "nobody")
            #expect(missing.status == 1, "\(missing)")
            try node.killAgent()
            let alone = try await node.agent("sync")
            #expect(alone.status == 7 && alone.errors.contains("start an agent"), "\(alone)")
        }
    }
}
