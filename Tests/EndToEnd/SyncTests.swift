import Foundation
import Patience
import Testing

@Suite("What a person wants done now")
struct SyncTests {
    @Test("sync --pod forgets what holds a Pod back; sync has a push seen at once")
    func now() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(
                ["a/pod.yaml": Written.running("exit 1", as: "crash")], "Run what crashes")
            try node.startAgent("--interval", "10m")
            // For 10 seconds, and twice as long each time: a slow machine needs longer to see that it did not wait.
            let enough = 1 + Int64(log2(Double(patience)))
            var restarts: Int64 = 0
            try await node.eventually("it is held back") {
                restarts = try await node.pod("crash")?.restarts(of: "main") ?? 0
                let isHeld = try await node.row("crash").contains("CrashLoopBackOff")
                return isHeld && restarts >= enough
            }
            let held = ContinuousClock.now

            let said = try await node.agent("sync", "--pod", "crash")
            #expect(said.status == 0 && said.output == "default/crash is tried again\n", "\(said)")
            try await node.eventually("it was started again") {
                try await node.pod("crash")?.restarts(of: "main") == restarts + 1
            }
            #expect(ContinuousClock.now - held < .seconds(10 << (restarts - 1)), "not because its time had come")

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
