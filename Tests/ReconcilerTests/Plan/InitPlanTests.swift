import Manifests
import PodModel
import Reconciler
import Testing

@Suite("Init containers and sidecars") struct InitPlanTests {
    /// A Pod with init containers; those whose names begin with `side` are sidecars.
    private func pod(_ initial: [String], policy: RestartPolicy = .always) -> Pod {
        var pod = Pod.make("a", policy: policy)
        pod.spec.initContainers = initial.map { name in
            var container = Container(name: name, image: "nginx:1.14")
            if name.hasPrefix("side") { container.restartPolicy = .always }
            return container
        }
        return pod
    }

    private func observe(
        _ pod: Pod, running: [String] = [], exits: [String: ContainerExit] = [:], sandbox: ObservedSandbox = .ready,
        in made: String = "s", finalPhase: PodPhase? = nil, deletion: DeletionRecord? = nil,
        change: (inout PodRecord) -> Void = { _ in }
    ) -> ObservedPod {
        var record = PodRecord(
            accepted: .make(pod), bootID: firstBoot, startTime: moment(0).wall,
            sandbox: SandboxRecord(id: SandboxID("s"), attempt: 0, createdAt: moment(0).wall), deletion: deletion,
            finalPhase: finalPhase)
        for name in running + exits.keys {
            record.containers[name] = ContainerRecord(
                id: ContainerID(name), startedAt: moment(1).wall, lastExit: exits[name], sandbox: SandboxID(made))
        }
        change(&record)
        return ObservedPod(
            record: record, sandbox: sandbox,
            containers: Dictionary(
                uniqueKeysWithValues: running.map { ($0, .running(id: ContainerID($0), since: moment(1).wall)) }))
    }

    private func steps(_ pod: ObservedPod, at seconds: Double = 5) -> [String] {
        PodPlan(pod, now: moment(seconds)).actions.map { action in
            if case .startContainer(let name, let attempt, _) = action { return "start \(name) \(attempt)" }
            return [action.verb, action.container].compactMap { $0 }.joined(separator: " ")
        }
    }

    private func exit(_ name: String, _ code: Int32 = 0) -> [String: ContainerExit] {
        [name: .make(name, code: code, at: 4)]
    }

    private func word(_ pod: ObservedPod) -> String {
        PodStatus(pod, nodeName: "n", now: moment(5)).statusWord
    }

    @Test("they run one after the other, each to its end, before any container")
    func inTurn() {
        let two = pod(["one", "two"])
        let new = observe(two, sandbox: .absent) { $0.sandbox = nil }
        #expect(steps(new) == ["create sandbox", "start one 0"])
        #expect(steps(observe(two, running: ["one"])) == [])
        #expect(word(observe(two, running: ["one"])) == "Init:0/2")
        #expect(steps(observe(two, exits: exit("one"))) == ["start two 0"])
        #expect(word(observe(two, exits: exit("one"))) == "Init:1/2")

        let done = observe(two, exits: exit("one").merging(exit("two")) { $1 })
        #expect(steps(done) == ["start web 0"])
        #expect(word(done) == "PodInitializing")
        #expect(PodStatus(done, nodeName: "n", now: moment(5)).phase == .pending)
        let running = observe(two, running: ["web"], exits: exit("one").merging(exit("two")) { $1 })
        #expect(steps(running) == [])
        #expect(word(running) == "Running")
    }

    @Test("once a container has started, those before it are not looked at: their records may be lost")
    func lostRecords() {
        #expect(steps(observe(pod(["one", "two"]), running: ["web"])) == [])
        #expect(steps(observe(pod(["one", "two"]), running: ["two"])) == [], "two has begun: one had ended")
    }

    @Test("one that fails starts again with back-off, or fails the Pod that never restarts")
    func failure() {
        let failed = observe(pod(["one"]), exits: exit("one", 3))
        #expect(steps(failed) == ["start one 1"])
        #expect(word(failed) == "Init:Error")
        let held = observe(pod(["one"]), exits: exit("one", 3)) {
            $0.containers["one"]?.backoff = Backoff(delay: .seconds(20), updatedAt: moment(1))
        }
        #expect(steps(held) == [])
        #expect(PodPlan(held, now: moment(5)).wake == moment(24).boot)
        #expect(word(held) == "Init:CrashLoopBackOff")

        let never = observe(pod(["one"], policy: .never), exits: exit("one", 3))
        #expect(steps(never).first == "finish")
        #expect(PodPlan(never, now: moment(5)).actions.first == .finish(.failed))
        #expect(PodStatus(never, nodeName: "n", now: moment(5)).phase == .failed)
        #expect(steps(observe(pod(["one"], policy: .never), exits: exit("one"))) == ["start web 0"])
    }

    @Test("a new sandbox begins anew")
    func newSandbox() {
        let all = exit("one").merging(exit("web", 1)) { $1 }
        let dead = observe(pod(["one"]), exits: all, sandbox: .dead)
        #expect(steps(dead) == ["stop sandbox", "create sandbox", "start one 1"])
        #expect(steps(observe(pod(["one"]), exits: all, in: "older")) == ["start one 1"])
    }

    @Test("the next begins once a sidecar has started, which counts in READY")
    func sidecar() {
        let plan = pod(["side", "one"])
        #expect(steps(observe(plan, running: ["side"])) == ["start one 0"])
        let probed = observe(plan, running: ["side"]) { record in
            var pod = record.accepted.pod
            pod.spec.initContainers[0].startupProbe = Probe(tcpSocket: TCPSocketAction(port: .number(1)))
            record.accepted = .make(pod)
        }
        #expect(steps(probed) == [], "not started yet")
        #expect(word(probed) == "Init:0/2")

        let status = PodStatus(
            observe(plan, running: ["side", "web"], exits: exit("one")), nodeName: "n", now: moment(5))
        #expect(status.readyCount == 2)
        #expect(status.lasting.count == 2)
        #expect(status.statusWord == "Running")
    }

    @Test("a sidecar that crashes after its turn starts again beside the rest, and holds up nobody")
    func crashedSidecar() {
        let plan = pod(["side", "setup", "second"])
        let held: (inout PodRecord) -> Void = {
            $0.containers["side"]?.backoff = Backoff(delay: .seconds(20), updatedAt: moment(1))
        }
        let crashed = exit("side", 1)
        let setUp = crashed.merging(exit("setup")) { $1 }
        let all = setUp.merging(exit("second")) { $1 }

        #expect(steps(observe(plan, running: ["setup"], exits: crashed)) == ["start side 1"])
        #expect(steps(observe(plan, exits: setUp)) == ["start side 1", "start second 0"])
        #expect(steps(observe(plan, exits: setUp, change: held)) == ["start second 0"])
        #expect(PodPlan(observe(plan, exits: setUp, change: held), now: moment(5)).wake == moment(24).boot)
        #expect(steps(observe(plan, running: ["second"], exits: setUp, change: held)) == [])
        #expect(steps(observe(plan, exits: all, change: held)) == ["start web 0"])

        let waiting = PodStatus(observe(plan, exits: all, change: held), nodeName: "n", now: moment(5))
        #expect(
            waiting.statusWord == "Init:CrashLoopBackOff" && !waiting.isInitialized, "as long as no container began")
        let running = observe(plan, running: ["web"], exits: all, change: held)
        #expect(PodStatus(running, nodeName: "n", now: moment(5)).statusWord == "Running")
        #expect(PodStatus(running, nodeName: "n", now: moment(5)).readyCount == 1)
    }

    @Test("a sidecar that was started again has its startup probe before it, and holds up nobody; in its turn it does")
    func restartedSidecar() {
        var plan = pod(["side", "setup", "side2"])
        for index in [0, 2] {
            plan.spec.initContainers[index].startupProbe = Probe(tcpSocket: TCPSocketAction(port: .number(1)))
        }
        #expect(steps(observe(plan, running: ["side"])) == [], "in its turn")
        #expect(steps(observe(plan, running: ["side"], exits: exit("setup"))) == ["start side2 0"])
        #expect(steps(observe(plan, running: ["side", "side2"])) == [], "the last one's turn")
        #expect(
            steps(observe(plan, running: ["side"], exits: exit("side2"))) == ["start side2 1"],
            "who crashes in its turn is awaited")
    }

    @Test("a sidecar that ends starts again, whatever the Pod's policy", arguments: RestartPolicy.allCases)
    func sidecarRestarts(policy: RestartPolicy) {
        let pod = observe(pod(["side"], policy: policy), running: ["web"], exits: exit("side"))
        #expect(steps(pod) == ["start side 1"])
    }

    @Test("sidecars keep no finished Pod alive")
    func finished() {
        let pod = observe(pod(["side"], policy: .never), running: ["side"], exits: exit("web"))
        #expect(steps(pod) == ["finish", "stop container side"])
    }

    @Test("one that has finished reads Completed or Error, though its sandbox is gone and its sidecar was stopped")
    func finishedWords() {
        for (code, phase, expected) in [(Int32(0), PodPhase.succeeded, "Completed"), (3, .failed, "Error")] {
            let exits = exit("web", code).merging(exit("side", 0)) { $1 }
            let over = observe(pod(["side"], policy: .never), exits: exits, sandbox: .absent, finalPhase: phase)
            let status = PodStatus(over, nodeName: "n", now: moment(5))

            #expect(status.statusWord == expected)
            #expect(status.readyCount == 0)
            #expect(status.conditions.contains { $0.kind == .initialized && $0.isTrue })
        }
    }

    @Test("a sidecar that has just ended well is passed over in the Pod's word; one that failed is not")
    func sidecarWord() {
        let plan = pod(["side", "one"])

        #expect(word(observe(plan, running: ["one"], exits: exit("side", 0))) == "Init:1/2")
        #expect(word(observe(plan, running: ["one"], exits: exit("side", 1))) == "Init:Error")
        #expect(word(observe(pod(["side"]), exits: exit("side", 0))) == "PodInitializing")
    }

    @Test(
        "containers end first, then sidecars from the last to the first; asked together, and without grace all at once")
    func order() {
        let plan = pod(["side1", "one", "side2"])
        let deletion = DeletionRecord(requestedAt: moment(2).wall, graceSeconds: 30, deadline: moment(32).boot)
        func ending(_ running: [String], at seconds: Double = 5) -> [String] {
            PodPlan(observe(plan, running: running, deletion: deletion), now: moment(seconds)).actions.map { action in
                guard case .stopContainer(let name, _, _, _, let others) = action else { return action.verb }
                return ([name] + (others ?? []).map { "after \($0)" }).joined(separator: " ")
            }
        }
        #expect(ending(["side1", "side2", "web"]) == ["web", "side2 after web", "side1 after web after side2"])
        #expect(ending(["side1", "side2"]) == ["side2", "side1 after side2"])
        #expect(ending(["side1", "one"]) == ["one", "side1 after one"])
        #expect(ending(["side1"]) == ["side1"])
        #expect(ending(["side1", "side2", "web"], at: 40) == ["web", "side2", "side1"])
    }

    @Test("Initialized says which are missing")
    func condition() throws {
        let status = PodStatus(observe(pod(["one", "two"]), exits: exit("one")), nodeName: "n", now: moment(5))
        let condition = try #require(status.conditions.first { $0.kind == .initialized })

        #expect(!condition.isTrue)
        #expect(condition.reason == "ContainersNotInitialized")
        #expect(condition.message == "containers with incomplete status: [two]")
    }

    @Test("a container's own policy counts before the Pod's")
    func ownPolicy() {
        var pod = Pod.make("a", policy: .always)
        pod.spec.containers[0].restartPolicy = .never
        let exit = ContainerExit.make("web", code: 1, at: 4)

        #expect(steps(observe(pod, exits: ["web": exit])).first == "finish")
    }
}
