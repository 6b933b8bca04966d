import Manifests
import Testing

@Suite("Scenarios 15 and 16: files are edited, moved, deleted, reverted and broken")
struct EditTests {
    @Test("a moved file restarts nothing; a revert brings back what was; a typo costs its own application alone")
    func edits() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let first = Written.sleeper("a", seconds: 4001)
            try await node.repository.push(
                ["a/a.yaml": first, "b/b.yaml": Written.sleeper("b", seconds: 4001)], "Run two Pods")
            try node.startAgent()
            let a = try await node.running("a")
            let b = try await node.running("b")

            try await node.repository.push(["a/a.yaml": nil, "moved/deep/pod.yaml": "# moved\n" + first], "Move a")
            try await node.eventually("the move is accepted") {
                try await node.agent("history").output.contains(/Move a .*(accepted|unchanged)/)
            }
            #expect(try await node.pod("a")?.life == a.life)

            try await node.repository.push(
                ["moved/deep/pod.yaml": Written.sleeper("a", seconds: 4002)], "Sleep longer")
            let changed = try await node.running("a") { $0.containerID(of: "main") != a.containerID(of: "main") }
            try await node.repository.push(["moved/deep/pod.yaml": first], "Revert \"Sleep longer\"")
            let reverted = try await node.running("a") {
                $0.containerID(of: "main") != changed.containerID(of: "main")
            }
            #expect(
                reverted.json["spec"]?["containers"]?[0]?["command"] == a.json["spec"]?["containers"]?[0]?["command"])
            #expect(try await node.pod("b")?.life == b.life)

            try await node.repository.push(
                [
                    "moved/deep/pod.yaml": first.replacing("containers:", with: "contianers:"),
                    "b/b.yaml": Written.sleeper("b", seconds: 4003),
                ], "Make a mistake")
            let newB = try await node.running("b") { $0.containerID(of: "main") != b.containerID(of: "main") }
            #expect(try await node.pod("a")?.life == reverted.life, "its own stayed as it was")
            let history = try await node.agent("history").output
            #expect(history.contains("moved/deep/pod.yaml:6:3: unknown field \"contianers\""), "\(history)")
            #expect(history.contains("did you mean \"containers\"?"), "\(history)")
            #expect(try await node.agent("validate", "\(node.base)/work").status == 5, "validate says so beforehand")

            try await node.repository.push(["moved/deep/pod.yaml": nil], "Stop a")
            try await node.eventually("a is gone") { try await node.row("a").isEmpty }
            #expect(try await node.pod("b")?.life == newB.life)
        }
    }
}
