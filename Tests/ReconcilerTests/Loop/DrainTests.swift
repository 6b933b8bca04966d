import Logging
import Manifests
import PodModel
import Reconciler
import Testing

@Suite("A node that is drained") struct DrainTests {
    @Test("has nothing that runs, and every Pod still; the next agent starts them again")
    func drained() async throws {
        let clock = StoppedClock()
        var node = SimulatedNode(now: clock.now())
        for (name, policy) in [("a", RestartPolicy.always), ("b", .onFailure)] {
            let pod = AcceptedPod.make(.make(name, ["x", "y"], policy: policy), uid: name)
            node.register([pod])
            for action in PodPlan(try #require(node.observe(pod.uid)), now: clock.now()).actions {
                try node.perform(action, on: pod.uid)
            }
        }
        let runtime = SimulatedRuntime(node, clock: clock)
        let history = MemoryHistory()

        try await Drain(runtime: runtime, history: history, clock: clock, log: MemoryLog().logger).run()

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
}
