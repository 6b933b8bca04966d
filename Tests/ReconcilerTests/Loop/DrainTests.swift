import Logging
import Manifests
import PodModel
import Reconciler
import Testing

@Suite("A node that is drained") struct DrainTests {
    private let clock = StoppedClock()

    /// Starts what a Pod is to run.
    private func run(_ pod: Pod, on node: inout SimulatedNode) throws {
        let accepted = AcceptedPod.make(pod, uid: pod.metadata.name)
        node.register([accepted])
        for action in PodPlan(try #require(node.observe(accepted.uid)), now: clock.now()).actions {
            try node.perform(action, on: accepted.uid)
        }
    }

    private func drain(_ runtime: SimulatedRuntime) async throws -> MemoryHistory {
        let history = MemoryHistory()
        try await Drain(runtime: runtime, history: history, clock: clock, log: MemoryLog().logger).run()
        return history
    }

    @Test("has nothing that runs, and every Pod still; the next agent starts them again")
    func drained() async throws {
        var node = SimulatedNode(now: clock.now())
        for (name, policy) in [("a", RestartPolicy.always), ("b", .onFailure)] {
            try run(.make(name, ["x", "y"], policy: policy), on: &node)
        }
        let runtime = SimulatedRuntime(node, clock: clock)

        let history = try await drain(runtime)

        for pod in runtime.state.observe() {
            #expect(pod.sandbox == .absent)
            #expect(pod.record.containers.values.allSatisfy { $0.lastExit?.code == 143 })
            #expect(pod.record.finalPhase == nil)
            let next = PodPlan(pod, now: clock.now()).actions.map(\.verb)
            #expect(next == ["create sandbox", "start container", "start container"])
        }
        #expect(history.events.filter { $0.hasPrefix("Killing") }.count == 4)
        #expect(runtime.state.violations == [])
    }

    @Test("loses no work: what was cut short starts again, however it ended; what had ended before does not")
    func cutShort() async throws {
        var node = SimulatedNode(now: clock.now())
        node.codeOfStopped = 0
        try run(.make("a", ["done", "busy"], policy: .onFailure), on: &node)
        node.exit("done", of: PodUID("a"), code: 0)
        let runtime = SimulatedRuntime(node, clock: clock)

        _ = try await drain(runtime)

        let pod = try #require(runtime.state.observe(PodUID("a")))
        #expect(pod.record.containers.values.allSatisfy { $0.lastExit?.code == 0 })
        let next = PodPlan(pod, now: clock.now()).actions
        #expect(
            next == [
                .createSandbox(attempt: 1), .startContainer(name: "busy", attempt: 1, backoff: nil),
            ])
    }

    @Test("holds nothing back for it: a container that was in back-off starts at once")
    func backOff() async throws {
        var node = SimulatedNode(now: clock.now())
        try run(.make("a"), on: &node)
        let backoff = Backoff(delay: .seconds(300), updatedAt: clock.now())
        node.lives[PodUID("a")]?.record.containers["web"]?.backoff = backoff
        let runtime = SimulatedRuntime(node, clock: clock)

        _ = try await drain(runtime)

        let pod = try #require(runtime.state.observe(PodUID("a")))
        let start = PodAction.startContainer(name: "web", attempt: 1, backoff: backoff)
        #expect(PodPlan(pod, now: clock.now()).actions == [.createSandbox(attempt: 1), start])
        #expect(!PodStatus(pod, nodeName: "n", now: clock.now()).statusWord.contains("BackOff"))
    }

    @Test("has failed Pods that may not run twice, and runs them no more")
    func never() async throws {
        var node = SimulatedNode(now: clock.now())
        node.codeOfStopped = 0
        try run(.make("a", policy: .never), on: &node)
        let runtime = SimulatedRuntime(node, clock: clock)

        _ = try await drain(runtime)

        let pod = try #require(runtime.state.observe(PodUID("a")))
        #expect(pod.record.finalPhase == .failed)
        #expect(pod.record.finalReason?.reason == "Terminated")
        #expect(pod.record.finalReason?.message == "Pod was terminated in response to imminent node shutdown.")
        #expect(pod.sandbox == .absent)
        #expect(PodPlan(pod, now: clock.now()).actions == [])
    }

    @Test("ends the Pods that count least first")
    func priorities() async throws {
        var node = SimulatedNode(now: clock.now())
        for (name, priority) in [("high", 1000), ("low", -10), ("critical", 2_000_000_000), ("usual", 0)] {
            var pod = Pod.make(name, [name])
            pod.spec.priority = PodPriority(value: priority)
            try run(pod, on: &node)
        }

        let history = try await drain(SimulatedRuntime(node, clock: clock))

        let order = ["low", "usual", "high", "critical"]
        #expect(history.events == order.map { "Killing: Stopping container \($0)" })
    }
}
