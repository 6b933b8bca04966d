import Manifests
import PodModel
import Testing

@testable import Reconciler

@Suite("The loop and the room of its node", .timeLimit(.minutes(5)))
struct AdmissionLoopTests {
    private let clock = StoppedClock()
    private let store = MemoryStore()
    private let history = MemoryHistory()
    private let log = MemoryLog()

    private func manifest(_ name: String, cpu: String, more: String = "") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name)}
        spec:
          restartPolicy: Never
          \(more)
          containers: [{name: web, image: "nginx:1.14", resources: {requests: {cpu: \(cpu)}}}]
        """
    }

    private func agent(_ runtime: SimulatedRuntime, _ source: SimulatedSource, cpu: Int = 2000) -> ReconcileLoop {
        let node = NodeAllocatable(cpu: MilliCPU(cpu), memory: Bytes(1 << 30), ephemeralStorage: Bytes(1 << 30))
        return ReconcileLoop(
            runtime: runtime, source: source, store: store, history: history, clock: clock,
            random: SystemRandomNumberGenerator(),
            configuration: LoopConfiguration(node: NodeProfile(name: "node-1", allocatable: node)), log: log.logger)
    }

    private func whileRunning(_ agent: ReconcileLoop, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await agent.run() }
            try await body()
            group.cancelAll()
        }
    }

    private func until(_ runtime: SimulatedRuntime, _ condition: (SimulatedNode) -> Bool) async throws {
        while !condition(runtime.state) {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    private func life(_ name: String, _ node: SimulatedNode) -> SimulatedNode.Life? {
        node.lives.values.first { $0.record.accepted.name.name == name }
    }

    @Test("one pass says what waits and why, at once, and is not healthy")
    func once() async throws {
        let runtime = SimulatedRuntime(clock: clock)
        let source = SimulatedSource(["a.yaml": manifest("a", cpu: "4"), "b.yaml": manifest("b", cpu: "1")])

        let summary = try await agent(runtime, source).once(timeout: .seconds(600))

        #expect(summary.outcome == .notHealthy && summary.outcome.exitCode == 8)
        let waiting = try #require(summary.pods.first { $0.pod.name == "a" })
        #expect(waiting.status?.hold?.message.contains("1 Insufficient cpu.") == true)
        #expect(!waiting.isHealthy && waiting.failure == nil)
        #expect(summary.pods.first { $0.pod.name == "b" }?.isHealthy == true)
        #expect(
            history.events.contains { $0.hasPrefix("FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu") })
        #expect(history.events.filter { $0.hasPrefix("Scheduled") }.count == 1)
        #expect(
            !history.lines.contains { $0.hasSuffix("default/a") && $0.hasPrefix("intend") }, "nothing is made for it")
    }

    @Test("one pass starts what fits once something else has gone in it")
    func onceFreed() async throws {
        let runtime = SimulatedRuntime(clock: clock)
        let source = SimulatedSource(["a.yaml": manifest("a", cpu: "2")])
        #expect(try await agent(runtime, source).once(timeout: .seconds(600)).outcome == .converged)

        source.push(["b.yaml": manifest("b", cpu: "2")])
        let summary = try await agent(runtime, source).once(timeout: .seconds(600))
        #expect(summary.outcome == .converged)
        #expect(life("b", runtime.state)?.processes["web"] != nil && life("a", runtime.state) == nil)
        #expect(runtime.state.violations.isEmpty)
    }

    @Test("who waits starts by itself when another ends for good, and when another goes")
    func freed() async throws {
        let runtime = SimulatedRuntime(clock: clock)
        let source = SimulatedSource([
            "a.yaml": manifest("a", cpu: "2"), "b.yaml": manifest("b", cpu: "2"), "c.yaml": manifest("c", cpu: "2"),
        ])
        let agent = agent(runtime, source)
        try await whileRunning(agent) {
            try await until(runtime) {
                self.life("a", $0)?.processes["web"] != nil && self.life("c", $0)?.record.hold != nil
            }
            #expect(life("b", runtime.state)?.sandbox == .absent)

            let first = try #require(life("a", runtime.state)?.record.uid)
            runtime.accident(on: first) { $0.exit("web", of: first, code: 0) }
            try await until(runtime) { self.life("b", $0)?.processes["web"] != nil }
            #expect(life("c", runtime.state)?.processes["web"] == nil)

            source.push(["a.yaml": manifest("a", cpu: "2"), "c.yaml": manifest("c", cpu: "2")])
            agent.sync()
            try await until(runtime) { self.life("c", $0)?.processes["web"] != nil }
        }
        #expect(runtime.state.violations.isEmpty)
        #expect(history.events.filter { $0.hasPrefix("Scheduled") }.count == 3)
    }

    @Test("a gate holds a Pod until a push takes it away")
    func gate() async throws {
        let runtime = SimulatedRuntime(clock: clock)
        let source = SimulatedSource(["a.yaml": manifest("a", cpu: "1", more: "schedulingGates: [{name: x}]")])
        let agent = agent(runtime, source)
        try await whileRunning(agent) {
            try await until(runtime) { self.life("a", $0)?.record.hold?.reason == .gated }
            let uid = life("a", runtime.state)?.record.uid

            source.push(["a.yaml": manifest("a", cpu: "1")])
            agent.sync()
            try await until(runtime) { self.life("a", $0)?.processes["web"] != nil }
            #expect(life("a", runtime.state)?.record.uid == uid)
        }
        #expect(runtime.state.violations.isEmpty)
    }

    @Test("a change that does not fit leaves its Pod as it is, and is made once there is room")
    func change() async throws {
        let runtime = SimulatedRuntime(clock: clock)
        let source = SimulatedSource(["a.yaml": manifest("a", cpu: "1"), "b.yaml": manifest("b", cpu: "1")])
        let agent = agent(runtime, source)
        try await whileRunning(agent) {
            try await until(runtime) {
                self.life("a", $0)?.processes["web"] != nil && self.life("b", $0)?.processes["web"] != nil
            }
            let id = life("a", runtime.state)?.processes["web"]?.id

            source.push(["a.yaml": manifest("a", cpu: "1500m"), "b.yaml": manifest("b", cpu: "1")])
            agent.sync()
            try await until(runtime) { self.life("a", $0)?.record.hold?.reason == .deferred }
            #expect(life("a", runtime.state)?.record.accepted.pod.spec.effectiveRequests.cpu == MilliCPU(1000))

            source.push(["a.yaml": manifest("a", cpu: "1500m")])
            agent.sync()
            try await until(runtime) {
                let a = self.life("a", $0)
                return a?.record.hold == nil
                    && a?.record.containers["web"]?.definition?["resources"]?["requests"]?["cpu"]?.string == "1500m"
            }
            #expect(life("a", runtime.state)?.processes["web"]?.id == id)
        }
        #expect(
            history.events.contains {
                $0.hasPrefix("ResizeDeferred: Pod resize Deferred: Node didn't have enough resource")
            })
    }

    @Test(
        "a node that runs short takes nobody on until that is over, and says so; the first look comes before the first Pod"
    )
    func pressure() async throws {
        let runtime = SimulatedRuntime(clock: clock)
        let source = SimulatedSource(["a.yaml": manifest("a", cpu: "1")])
        let agent = agent(runtime, source)
        let pressure = NodePressure(
            kind: .disk, signal: .nodefsAvailable, words: "little is left", since: clock.now().wall)
        agent.ears.tell([pressure])
        try await whileRunning(agent) {
            try await until(runtime) { self.life("a", $0)?.record.hold != nil }
            #expect(life("a", runtime.state)?.record.hold?.message.contains("disk-pressure") == true)

            agent.ears.tell([])
            try await until(runtime) { self.life("a", $0)?.processes["web"] != nil }

            source.push(["a.yaml": manifest("a", cpu: "1"), "b.yaml": manifest("b", cpu: "1")])
            agent.ears.tell([pressure])
            agent.sync()
            try await until(runtime) { self.life("b", $0)?.record.hold != nil }
            #expect(life("a", runtime.state)?.processes["web"] != nil, "who has the node keeps it")
        }
        #expect(runtime.state.violations.isEmpty)
        #expect(history.events.contains { $0.hasPrefix("FailedScheduling: ") && $0.contains("disk-pressure") })
    }

    @Test("nobody who waits takes the room of a Pod that is replaced")
    func successor() async throws {
        let runtime = SimulatedRuntime(clock: clock)
        let patient = manifest("b", cpu: "1500m", more: "priority: 9")
        let source = SimulatedSource(["a.yaml": manifest("a", cpu: "1")])
        let agent = agent(runtime, source)
        try await whileRunning(agent) {
            try await until(runtime) { self.life("a", $0)?.processes["web"] != nil }
            source.push(["a.yaml": manifest("a", cpu: "1"), "b.yaml": patient])
            agent.sync()
            try await until(runtime) { self.life("b", $0)?.record.hold != nil }
            let first = life("a", runtime.state)?.record.uid

            source.push([
                "a.yaml": manifest("a", cpu: "1", more: "terminationGracePeriodSeconds: 7"), "b.yaml": patient,
            ])
            agent.sync()
            try await until(runtime) {
                let a = self.life("a", $0)
                return a?.record.uid != first && a?.processes["web"] != nil
            }
            #expect(life("b", runtime.state)?.record.hold != nil)
        }
        #expect(runtime.state.violations.isEmpty)
    }

    @Test("a new agent finds the same who wait, and starts none of them")
    func nextAgent() async throws {
        let runtime = SimulatedRuntime(clock: clock)
        let source = SimulatedSource(["a.yaml": manifest("a", cpu: "2"), "b.yaml": manifest("b", cpu: "2")])
        _ = try await agent(runtime, source).once(timeout: .seconds(60))
        let before = runtime.state.lives.mapValues(\.record)

        _ = try await agent(runtime, source).once(timeout: .seconds(60))

        #expect(runtime.state.lives.mapValues(\.record) == before)
        #expect(runtime.state.violations.isEmpty)
    }
}
