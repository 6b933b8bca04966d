import Manifests
import PodModel
import Reconciler
import Testing

@Suite("Node plan") struct NodePlanTests {
    private func observed(_ pod: AcceptedPod, deleted: Bool = false) -> ObservedPod {
        var record = PodRecord(accepted: pod, bootID: firstBoot)
        if deleted { record.deletion = DeletionRecord(of: pod, now: moment(0)) }
        return ObservedPod(record: record, sandbox: .ready, containers: [:])
    }

    private func plan(_ accepted: [AcceptedPod], _ observed: [ObservedPod]) -> [String] {
        NodePlan(accepted: .make(accepted), observed: observed).entries
            .map { "\($0.change.verb) \($0.uid) (\($0.change.impact.rawValue)): \($0.reason)" }
    }

    @Test("a Pod that is not there is created")
    func create() {
        #expect(plan([.make(.make("a"))], []) == ["create u1 (starts): defined in pod.yaml"])
    }

    @Test("a Pod that is there is kept")
    func keep() {
        let pod = AcceptedPod.make(.make("a"))

        #expect(plan([pod], [observed(pod)]) == ["keep u1 (none): unchanged"])
        #expect(NodePlan(accepted: .make([pod]), observed: [observed(pod)]).changes.isEmpty)
    }

    @Test("a Pod nobody defines any more is deleted, with its own grace")
    func delete() {
        let pod = AcceptedPod.make(.make("a", grace: 7))
        let plan = NodePlan(accepted: .make([]), observed: [observed(pod)])

        #expect(plan.entries.map(\.reason) == ["no longer defined"])
        #expect(
            plan.deletions(now: moment(3)) == [
                pod.uid: DeletionRecord(requestedAt: moment(3).wall, graceSeconds: 7, deadline: moment(10).boot)
            ])
    }

    @Test("a changed Pod ends first, and the reason names the field")
    func replace() {
        let old = AcceptedPod.make(.make("a"))
        let new = AcceptedPod.make(.make("a", grace: 5), uid: "u2")

        #expect(plan([new], [observed(old)]) == ["replace u2 (recreates): spec.terminationGracePeriodSeconds changed"])
        #expect(NodePlan(accepted: .make([new]), observed: [observed(old)]).registrations.isEmpty)
    }

    @Test("the successor waits until the Pod of its name is gone")
    func await() {
        let old = AcceptedPod.make(.make("a"))
        let new = AcceptedPod.make(.make("a", grace: 5), uid: "u2")
        let waiting = NodePlan(accepted: .make([new]), observed: [observed(old, deleted: true)])

        #expect(waiting.entries.map(\.reason) == ["the Pod of the same name is still ending"])
        #expect(waiting.changes.isEmpty)
        #expect(plan([new], []) == ["create u2 (starts): defined in pod.yaml"])
    }

    @Test("changed labels reach the record without a restart")
    func labels() {
        let old = AcceptedPod.make(.make("a"))
        let new = AcceptedPod.make(.make("a", labels: ["tier": "front"]))

        #expect(plan([new], [observed(old)]) == ["update u1 (none): metadata.labels[tier] changed"])
    }

    @Test("a changed image reaches the record, and is told as a restart of its container")
    func image() {
        let old = AcceptedPod.make(.make("a", ["web", "side"]))
        let new = AcceptedPod.make(.make("a", ["web", "side"], image: "nginx:1.15"))

        #expect(
            plan([new], [observed(old)])
                == ["restart u1 (restarts): spec.containers[side].image, spec.containers[web].image changed"])
        #expect(NodePlan(accepted: .make([new]), observed: [observed(old)]).updates == [new])
    }

    @Test("changed cpu and memory reach the record, and are told as a resize")
    func resources() {
        var pod = Pod.make("a")
        pod.spec.containers[0].resources = ResourceRequirements(limits: ResourceList(cpu: MilliCPU(250)))
        let old = AcceptedPod.make(pod)
        pod.spec.containers[0].resources = ResourceRequirements(limits: ResourceList(cpu: MilliCPU(500)))

        #expect(
            plan([.make(pod)], [observed(old)]).map { $0.prefix(22) }
                == ["resize u1 (resizes): spec.containers[web].resources"].map { $0.prefix(22) })
    }

    @Test("cpu and memory that give a Pod another QoS class replace it, and the reason says so")
    func qosClass() {
        var pod = Pod.make("a")
        let old = AcceptedPod.make(pod)
        pod.spec.containers[0].resources = ResourceRequirements(requests: ResourceList(cpu: MilliCPU(500)))

        #expect(
            plan([.make(pod, uid: "u2")], [observed(old)]) == [
                "replace u2 (recreates): QoS class (BestEffort to Burstable), "
                    + "spec.containers[web].resources.requests.cpu changed"
            ])
    }

    private func ended(_ pod: Pod, _ phase: PodPhase = .succeeded, started: JSONValue? = nil) -> ObservedPod {
        let containers = started.map { ["web": ContainerRecord(id: ContainerID("c1"), definition: $0)] } ?? [:]
        let record = PodRecord(
            accepted: .make(pod), bootID: firstBoot, containers: containers, finalPhase: phase)
        return ObservedPod(record: record, sandbox: .absent, containers: [:])
    }

    /// What is planned about a Pod that has ended, once it has another identity where it needs one.
    private func planned(_ pod: Pod, after observed: ObservedPod) -> [String] {
        let slice = AcceptedSlice.make([.make(pod)])
        let renewed = slice.renewing(among: [observed], at: moment(9).wall, newUID: { PodUID("u2") })
        return plan((renewed ?? slice).pods, [observed])
    }

    @Test(
        "a Pod that has ended runs again, as a new one, when Git asks for another image or other resources",
        arguments: [PodPhase.succeeded, .failed])
    func changedAfterItsEnd(phase: PodPhase) {
        let old = ended(.make("a", policy: .never), phase)
        #expect(
            planned(.make("a", image: "nginx:2", policy: .never), after: old) == [
                "replace u2 (recreates): spec.containers[web].image changed after the Pod had ended"
            ])
        var larger = Pod.make("a", policy: .never)
        larger.spec.containers[0].resources = ResourceRequirements(limits: ResourceList(memory: Bytes(1 << 30)))
        #expect(planned(larger, after: old).map { $0.prefix(10) } == ["replace u2"])
    }

    @Test("a Pod that has ended and is asked for the same, or for other labels, never runs again")
    func sameAfterItsEnd() {
        let pod = Pod.make("a", policy: .never)
        #expect(
            planned(pod, after: ended(pod, started: pod.encoded["spec"]?["containers"]?[0])) == [
                "keep u1 (none): unchanged"
            ])
        #expect(
            planned(.make("a", policy: .never, labels: ["a": "b"]), after: ended(pod)) == [
                "update u1 (none): metadata.labels[a] changed; the Pod has ended and stays so"
            ])
        #expect(NodePlan(accepted: .make([.make(pod)]), observed: [ended(pod, .failed)]).changes.isEmpty)
    }

    @Test(
        "a Pod that ended just as it was to restart with another image runs again; one that was to be resized does not")
    func endedBeforeItsChange() {
        let new = Pod.make("a", image: "nginx:2", policy: .never)
        let old = Pod.make("a", policy: .never).encoded["spec"]?["containers"]?[0]
        #expect(
            planned(new, after: ended(new, .failed, started: old)) == [
                "replace u2 (recreates): its manifest changed after the Pod had ended"
            ])
        var larger = Pod.make("a", policy: .never)
        larger.spec.containers[0].resources = ResourceRequirements(limits: ResourceList(memory: Bytes(1 << 30)))
        #expect(planned(larger, after: ended(larger, started: old)) == ["keep u1 (none): unchanged"])
    }

    @Test(
        "a Pod that ended while no agent was there is as ended as one that is written down; one that starts again is not",
        arguments: [(RestartPolicy.never, Int32(1), "replace"), (.onFailure, 0, "replace"), (.onFailure, 1, "restart")])
    func endedUnwatched(policy: RestartPolicy, code: Int32, verb: String) {
        let record = PodRecord(
            accepted: .make(.make("a", policy: policy)), bootID: firstBoot,
            containers: ["web": ContainerRecord(id: ContainerID("c1"), startedAt: moment(0).wall)])
        let observed = ObservedPod(
            record: record, sandbox: .ready, containers: ["web": .exited(.make("c1", code: code, at: 5))])
        let found = planned(.make("a", image: "nginx:2", policy: policy), after: observed)
        #expect(found.map { String($0.prefix(7)) } == [verb])
        #expect(planned(.make("a", policy: policy), after: observed) == ["keep u1 (none): unchanged"])
    }

    @Test("until a Pod that has ended has its new identity, its record does not take over what it is to run")
    func notRenewedYet() {
        let old = ended(.make("a", policy: .never))
        let plan = NodePlan(accepted: .make([.make(.make("a", image: "nginx:2", policy: .never))]), observed: [old])
        #expect(plan.changes.isEmpty && plan.updates.isEmpty)
    }

    @Test("a Pod that is ending already is left to end")
    func ending() {
        let pod = AcceptedPod.make(.make("a"))

        #expect(plan([], [observed(pod, deleted: true)]) == ["ending u1 (ends): was asked to end"])
    }
}
