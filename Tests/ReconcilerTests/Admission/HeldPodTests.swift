import Manifests
import PodModel
import Testing

@testable import Reconciler

@Suite("A Pod that waits for the node")
struct HeldPodTests {
    private func pod(_ reason: PodHold.Reason, begun: Bool = false) -> ObservedPod {
        let accepted = AcceptedPod.make(.make("a"))
        let hold = PodHold(reason: reason, message: "for want of room", since: moment(5).wall)
        let start = moment(1).wall
        let record = PodRecord(
            accepted: accepted, bootID: firstBoot, startTime: begun ? start : nil,
            sandbox: begun ? SandboxRecord(id: SandboxID("s"), attempt: 0, createdAt: start) : nil,
            containers: begun ? ["web": ContainerRecord(id: ContainerID("c1"), startedAt: start)] : [:], hold: hold)
        return ObservedPod(
            record: record, sandbox: begun ? .ready : .absent,
            containers: begun ? ["web": .running(id: ContainerID("c1"), since: start)] : [:],
            imagesToPull: begun ? [:] : ["web": ["nginx:1.14"]])
    }

    private func status(_ pod: ObservedPod) -> PodStatus {
        PodStatus(pod, nodeName: "node-1", now: moment(9))
    }

    @Test("nothing is done for it, its images are not pulled", arguments: [PodHold.Reason.unschedulable, .gated])
    func nothing(reason: PodHold.Reason) {
        let plan = PodPlan(pod(reason), now: moment(9))

        #expect(plan.actions.isEmpty)
        #expect(plan.wake == nil)
    }

    @Test("asked to end it is removed at once")
    func ends() {
        var record = pod(.unschedulable).record
        record.deletion = DeletionRecord(of: record.accepted, now: moment(8))

        let plan = PodPlan(ObservedPod(record: record, sandbox: .absent, containers: [:]), now: moment(9))

        #expect(plan.actions == [.remove])
    }

    @Test("it shows what Kubernetes shows of a Pod without a node")
    func unscheduled() {
        let status = status(pod(.unschedulable))

        #expect(status.phase == .pending && status.statusWord == "Pending" && !status.isScheduled)
        #expect(
            status.conditions.map { "\($0.kind.rawValue) \($0.isTrue) \($0.reason ?? "") \($0.message ?? "")" } == [
                "PodScheduled false Unschedulable for want of room"
            ])
        #expect(status.conditions.first?.since == moment(5).wall)
        let object = PodObject.json(status)
        #expect(object["spec"]?["nodeName"] == nil)
        #expect(object["status"]?["containerStatuses"] == nil)
        #expect(object["status"]?["hostIP"] == nil)
        #expect(self.status(pod(.gated)).statusWord == "SchedulingGated")
    }

    @Test("what runs goes on while a change of it waits, and a condition says so")
    func pendingResize() {
        let pod = pod(.deferred, begun: true)
        let status = status(pod)

        #expect(PodPlan(pod, now: moment(9)).actions.isEmpty)
        #expect(status.isReady && status.isScheduled && status.statusWord == "Running")
        #expect(status.conditions.first?.kind == .resizePending)
        #expect(status.conditions.first?.isTrue == true)
        #expect(status.conditions.first?.reason == "Deferred")
        #expect(!PodStanding(status: status, isAtRest: true, failures: []).isHealthy)
        #expect(PodStanding(status: status, isAtRest: true, failures: []).isSettled)
    }

    @Test("as long as what runs is to get other cpu and memory, a condition says so")
    func resizeInProgress() {
        var manifest = Pod.make("a")
        var record = PodRecord(accepted: .make(manifest), bootID: firstBoot, startTime: moment(0).wall)
        record.sandbox = SandboxRecord(id: SandboxID("s"), attempt: 0, createdAt: moment(0).wall)
        record.containers["web"] = ContainerRecord(id: ContainerID("c1"), startedAt: moment(1).wall)
        func kinds() -> [PodCondition.Kind] {
            status(
                ObservedPod(
                    record: record, sandbox: .ready,
                    containers: ["web": .running(id: ContainerID("c1"), since: moment(1).wall)])
            ).conditions.map(\.kind)
        }
        #expect(!kinds().contains(.resizeInProgress))

        manifest.spec.containers[0].resources.limits.memory = Bytes(64 << 20)
        record.takeOver(.make(manifest))
        #expect(kinds().first == .resizeInProgress)
        let given = record.accepted.written(container: "web") ?? .null
        record.containers["web"]?.noteResources(of: given)
        #expect(!kinds().contains(.resizeInProgress), "it has been given")
    }

    @Test("a changed manifest of what waits is taken over, and nothing is pulled ahead for it")
    func changed() {
        let waiting = pod(.unschedulable)
        let new = AcceptedPod.make(.make("a", image: "nginx:2"))
        let plan = NodePlan(accepted: .make([new]), observed: [waiting])

        #expect(plan.entries.map(\.change) == [.update(new, .none)])
        #expect(plan.entries.compactMap { $0.successor(among: [waiting]) }.isEmpty)
    }
}
