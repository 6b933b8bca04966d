import Foundation
import Glibc
import Manifests
import NodeFixture
import PodModel
import Testing

@Suite("An agent that is told to stop while a hook goes on", .ownThreads)
struct CutShortTests {
    /// Hooks that go on for longer than anybody waits here; nobody has the address.
    private static let hooks = [
        LifecycleHandler(sleep: SleepAction(seconds: 600)),
        LifecycleHandler(exec: ExecAction(command: ["sleep", "600"])),
        LifecycleHandler(httpGet: HTTPGetAction(port: .number(80), host: "10.88.0.250")),
    ]

    @Test("leaves the container that it was about to stop as it is, and the next one stops it", arguments: hooks)
    func preStop(hook: LifecycleHandler) throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make { $0.lifecycle = Lifecycle(preStop: hook) }
        let id = try #require(try agent.start(accepted).running("main"))
        let stop = PodAction.stopContainer(name: "main", id: id, grace: .seconds(600), reason: "test")

        guard case .done(let outcome, _) = try agent(.performCutShort(stop, accepted.uid, seconds: 0.5)) else {
            Issue.record("the stop failed")
            return
        }

        #expect(outcome == "cut short")
        usleep(300_000)
        #expect(try agent.observe(accepted.uid)?.running("main") == id)
        try agent.kill()
        let next = try node.agent()
        let shorter = PodAction.stopContainer(name: "main", id: id, grace: .seconds(1), reason: "test")
        try next.perform(shorter, accepted.uid)
        #expect(try next.observe(accepted.uid)?.exit("main")?.code == 7)
    }

    @Test("writes nothing down about a postStart, which the next one carries out", arguments: hooks)
    func postStart(hook: LifecycleHandler) throws {
        let node = try TestNode()
        defer { node.clean() }
        let agent = try node.agentWithImage()
        let accepted = AcceptedPod.make { $0.lifecycle = Lifecycle(postStart: hook) }
        let before = try agent.start(accepted)
        let runHook = PodAction.runPostStart(name: "main", attempt: 0)

        // Several times: what ends first of the two that end together is chance.
        for _ in 0..<5 {
            guard case .done(let outcome, _) = try agent(.performCutShort(runHook, accepted.uid, seconds: 0.3)) else {
                Issue.record("the hook failed")
                return
            }
            #expect(outcome == "cut short")
        }

        let after = try #require(try agent.observe(accepted.uid))
        #expect(after.record == before.record)
        #expect(after.running("main") == before.running("main"))
    }
}
