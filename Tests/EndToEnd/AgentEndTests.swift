import Foundation
import Testing

@Suite("An agent that ends in order leaves Pods and nothing else that runs")
struct AgentEndTests {
    @Test(
        "after one pass, and after the agent was asked to end, every supervisor is a Pod's", arguments: [true, false])
    func supervisors(isOnce: Bool) async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4011)], "Run a")
            if isOnce {
                #expect(try await node.agent("reconcile", "--once").status == 0)
            } else {
                try node.startAgent()
                _ = try await node.running("a")
                try node.endAgent()
            }

            let places = try node.processes(named: "pod-supervisor").map {
                try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0.pid)/cwd")
            }
            #expect(!places.isEmpty)
            #expect(places.filter { !$0.contains("/pods/") } == [])
        }
    }
}
