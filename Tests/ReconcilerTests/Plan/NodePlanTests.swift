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
        let old = AcceptedPod.make(pod)
        pod.spec.containers[0].resources = ResourceRequirements(limits: ResourceList(cpu: MilliCPU(500)))

        #expect(
            plan([.make(pod)], [observed(old)]).map { $0.prefix(22) }
                == ["resize u1 (resizes): spec.containers[web].resources"].map { $0.prefix(22) })
    }

    @Test("what changes about a Pod that has ended reaches its record, and is not told as a restart")
    func ended() {
        let old = AcceptedPod.make(.make("a", policy: .never))
        var record = PodRecord(accepted: old, bootID: firstBoot)
        record.finalPhase = .succeeded
        let observed = ObservedPod(record: record, sandbox: .absent, containers: [:])

        #expect(
            plan([.make(.make("a", image: "nginx:2", policy: .never))], [observed]) == [
                "update u1 (none): spec.containers[web].image changed; the Pod has ended and stays so"
            ])
    }

    @Test("a Pod that is ending already is left to end")
    func ending() {
        let pod = AcceptedPod.make(.make("a"))

        #expect(plan([], [observed(pod, deleted: true)]) == ["ending u1 (ends): was asked to end"])
    }
}
