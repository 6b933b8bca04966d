import Manifests
import PodModel
import Reconciler
import Testing

@Suite("What probes do to a Pod") struct ProbePlanTests {
    private static let failed = ProbeFailure(kind: .liveness, gracePeriod: nil)

    private func observe(
        policy: RestartPolicy = .always, verdict: ProbeVerdict?, of life: String = "c1", exit: ContainerExit? = nil,
        isReadinessProbed: Bool = false
    ) -> ObservedPod {
        var pod = Pod.make("a", policy: policy)
        if isReadinessProbed {
            pod.spec.containers[0].readinessProbe = Probe(tcpSocket: TCPSocketAction(port: .number(80)))
        }
        let standing = verdict.map {
            ProbeStanding(
                verdict: $0, readinessSince: moment(40).wall,
                record: ProbeRecord(id: ContainerID(life), states: PerProbe()))
        }
        let record = ContainerRecord(
            id: ContainerID("c1"), startedAt: moment(3).wall, lastExit: exit, probes: standing)
        return ObservedPod(
            record: PodRecord(
                accepted: .make(pod), bootID: firstBoot,
                sandbox: SandboxRecord(id: SandboxID("s"), attempt: 0, createdAt: moment(2).wall),
                containers: ["web": record]),
            sandbox: .ready,
            containers: exit == nil ? ["web": .running(id: ContainerID("c1"), since: moment(3).wall)] : [:])
    }

    private func verdict(failing failure: ProbeFailure? = nil, isReady: Bool = true) -> ProbeVerdict {
        ProbeVerdict(isStarted: true, isReady: isReady, failure: failure)
    }

    @Test(
        "a failed probe stops the container with its own grace, or the Pod's",
        arguments: [
            (ProbeKind.liveness, Duration?.none, Duration.seconds(30)),
            (ProbeKind.startup, Duration.seconds(5), Duration.seconds(5)),
            (ProbeKind.liveness, Duration.seconds(1), Duration.seconds(2)),
        ] as [(ProbeKind, Duration?, Duration)])
    func stops(kind: ProbeKind, grace: Duration?, expected: Duration) {
        let pod = observe(verdict: verdict(failing: ProbeFailure(kind: kind, gracePeriod: grace)))

        #expect(
            PodPlan(pod, now: moment(50)).actions == [
                .stopContainer(
                    name: "web", id: ContainerID("c1"), grace: expected, reason: "failed \(kind.rawValue) probe")
            ])
    }

    @Test("what was said about an earlier life stops nothing")
    func earlierLife() {
        #expect(PodPlan(observe(verdict: verdict(failing: Self.failed), of: "c0"), now: moment(50)).actions == [])
    }

    @Test(
        "the container starts again, whatever its code, unless it never does",
        arguments: [(RestartPolicy.always, true), (.onFailure, true), (.never, false)])
    func startsAgain(policy: RestartPolicy, isStarted: Bool) {
        let exit = ContainerExit.make("c1", code: 0, at: 100)
        let pod = observe(policy: policy, verdict: verdict(failing: Self.failed), exit: exit)
        let start = PodAction.startContainer(
            name: "web", attempt: 1, backoff: Backoff(delay: .seconds(10), updatedAt: moment(100)))

        #expect(PodPlan(pod, now: moment(100)).actions.contains(start) == isStarted)
        #expect(PodPlan(pod, now: moment(100)).actions.contains(.finish(.succeeded)) == !isStarted)
    }

    @Test("readiness is what the probe says, and the conditions follow")
    func readiness() throws {
        let unready = PodStatus(
            observe(verdict: verdict(isReady: false), isReadinessProbed: true), nodeName: "n", now: moment(50))
        let ready = PodStatus(observe(verdict: verdict(), isReadinessProbed: true), nodeName: "n", now: moment(50))

        #expect(unready.readyCount == 0)
        #expect(unready.containers[0].isStarted)
        #expect(!unready.isReady)
        #expect(ready.isReady)
        for status in [unready, ready] {
            let condition = try #require(status.conditions.first { $0.kind == .ready })
            #expect(condition.since == moment(40).wall, "when the probe changed its mind")
        }
    }

    @Test("before the first try a container with a readiness probe is not ready, one with a startup probe not started")
    func atStart() {
        var pod = observe(verdict: nil, isReadinessProbed: true)
        #expect(PodStatus(pod, nodeName: "n", now: moment(50)).containers.map(\.isReady) == [false])
        #expect(PodStatus(pod, nodeName: "n", now: moment(50)).containers.map(\.isStarted) == [true])

        pod = observe(verdict: nil)
        #expect(PodStatus(pod, nodeName: "n", now: moment(50)).containers.map(\.isReady) == [true])
    }

    @Test(
        "the event says whether it will be restarted",
        arguments: [(RestartPolicy.always, ", will be restarted"), (.onFailure, ", will be restarted"), (.never, "")])
    func words(policy: RestartPolicy, ending: String) {
        let stop = PodAction.stopContainer(
            name: "web", id: ContainerID("c1"), grace: .seconds(30), reason: "failed liveness probe")
        let events = PodEvents(of: .make(.make("a", policy: policy))).begun(stop, at: moment(0).wall)

        #expect(events.map(\.message) == ["Container web failed liveness probe\(ending)"])
        #expect(events.map(\.reason) == ["Killing"])
    }

    @Test("the event calls a sidecar an init container, and says no more")
    func sidecarWords() {
        var pod = Pod.make("a")
        pod.spec.initContainers = [Container(name: "side", image: "nginx:1.14")]
        pod.spec.initContainers[0].restartPolicy = .always
        let stop = PodAction.stopContainer(
            name: "side", id: ContainerID("c1"), grace: .seconds(30), reason: "failed liveness probe")
        let events = PodEvents(of: .make(pod)).begun(stop, at: moment(0).wall)

        #expect(events.map(\.message) == ["Init container side failed liveness probe"])
    }
}
