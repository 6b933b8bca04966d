import Foundation
import Glibc
import Testing

@Suite("An agent that drains its node")
struct DrainTests {
    @Test("stops the Pods when it is told to stop; the next agent starts them again")
    func drained() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/a.yaml": Written.sleeper("a", seconds: 4242)], "Run a Pod")
            let agent = try node.startAgent("--drain")
            let before = try await node.running("a")

            kill(agent, SIGTERM)
            try await node.eventually("nothing runs") { try node.processes(named: "sleep").isEmpty }
            try await node.eventually("the agent has ended") { try node.processes(named: "pause").isEmpty }
            try node.killAgent()
            #expect(try await node.row("a")[2] != "Running")

            try node.startAgent()
            let after = try await node.running("a")
            #expect(after.uid == before.uid)
        }
    }
}
