import Foundation
import Glibc
import Manifests
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

    @Test("has work begun again that the stop cut short, and fails what must not be done twice")
    func unfinished() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let obedient = "trap 'exit 0' TERM; while :; do usleep 50000; done"
            let again = Written.running(obedient, as: "again", policy: "OnFailure")
            let once = Written.running(obedient, as: "once", policy: "Never")
            try await node.repository.push(["a/a.yaml": again, "b/b.yaml": once], "Run jobs")
            let agent = try node.startAgent("--drain")
            let before = try await node.running("again")
            try await node.running("once")

            kill(agent, SIGTERM)
            try await node.eventually("the agent has ended") { try node.processes(named: "pause").isEmpty }
            try node.killAgent()
            try node.startAgent()

            let after = try await node.running("again") { $0.restarts(of: "main") == 1 }
            #expect(after.uid == before.uid)
            #expect(after.lastExitCode(of: "main") == 0)
            let failed = try await node.pod("once")
            #expect(failed?.phase == "Failed")
            #expect(failed?.json["status"]?["reason"] == "Terminated")
            #expect(
                failed?.json["status"]?["message"]
                    == "Pod was terminated in response to imminent node shutdown.")
        }
    }
}
