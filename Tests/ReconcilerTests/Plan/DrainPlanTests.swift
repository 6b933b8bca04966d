import Manifests
import PodModel
import Testing

@testable import Reconciler

@Suite("The end of a Pod with its node") struct DrainPlanTests {
    private static let main = ContainerID("main")
    private static let side = ContainerID("side")

    /// A Pod whose container `main` runs beside the sidecar `side`.
    private func observe(
        _ policy: RestartPolicy = .onFailure, running: Set<String> = ["main", "side"],
        change: (inout PodRecord) -> Void = { _ in }
    ) -> ObservedPod {
        var pod = Pod.make("a", ["main"], policy: policy)
        var sidecar = Container(name: "side", image: "nginx:1.14")
        sidecar.restartPolicy = .always
        pod.spec.initContainers = [sidecar]
        let sandbox = SandboxRecord(id: SandboxID("s"), attempt: 0, createdAt: moment(0).wall)
        var record = PodRecord(
            accepted: .make(pod), bootID: firstBoot, startTime: moment(0).wall, sandbox: sandbox)
        for id in [Self.main, Self.side] {
            record.containers[id.text] = ContainerRecord(id: id, startedAt: moment(1).wall, sandbox: sandbox.id)
        }
        change(&record)
        let containers = record.containers.filter { running.contains($0.key) }.compactMapValues(\.id)
        return ObservedPod(
            record: record, sandbox: .ready,
            containers: containers.mapValues { .running(id: $0, since: moment(1).wall) })
    }

    private func stop(_ id: ContainerID, _ grace: Double, after others: [ContainerID]? = nil) -> PodAction {
        .stopContainer(name: id.text, id: id, grace: .seconds(grace), reason: "node shutdown", after: others)
    }

    /// The stops of both, in turn.
    private func stops(_ grace: Double) -> [PodAction] {
        [stop(Self.main, grace), stop(Self.side, grace, after: [Self.main])]
    }

    @Test("is written down first, with what starts again; its containers share one grace")
    func order() {
        let begin = PodAction.beginStop(deadline: moment(40).boot, restarting: [Self.side, Self.main])
        #expect(PodPlan.draining(observe(), now: moment(10)) == [begin] + stops(30))

        func begun(_ running: Set<String>, at seconds: Double) -> [PodAction] {
            let pod = observe(running: running) {
                $0.beginStop(until: moment(40).boot, restarting: [Self.side, Self.main])
            }
            return PodPlan.draining(pod, now: moment(seconds))
        }
        #expect(begun(["main", "side"], at: 15) == stops(25))
        #expect(begun(["side"], at: 30) == [stop(Self.side, 10)])
        #expect(begun(["main", "side"], at: 50) == [stop(Self.main, 2), stop(Self.side, 2)])
    }

    @Test("fails a Pod that never runs twice, but not for what it had done before, nor for what it has not begun")
    func never() {
        let fail = PodAction.fail(
            reason: "Terminated", message: "Pod was terminated in response to imminent node shutdown.")
        #expect(PodPlan.draining(observe(.never), now: moment(10)) == [fail] + stops(30))

        let begin = PodAction.beginStop(deadline: moment(40).boot, restarting: [Self.side])
        let early = observe(.never, running: ["side"]) { $0.containers["main"] = nil }
        #expect(PodPlan.draining(early, now: moment(10)) == [begin, stop(Self.side, 30)])
        let late = observe(.never, running: ["side"]) {
            $0.containers["main"]?.lastExit = .make("main", code: 0, at: 5)
        }
        #expect(PodPlan.draining(late, now: moment(10)) == [begin, stop(Self.side, 30)])
    }

    @Test("is no end of a Pod that goes on with another container")
    func mixed() {
        let pod = observe(.never) { record in
            var changed = record.accepted.pod
            changed.spec.containers.append(Container(name: "other", image: "nginx:1.14"))
            changed.spec.containers[1].restartPolicy = .onFailure
            record.accepted = .make(changed)
            record.containers["other"] = ContainerRecord(id: ContainerID("other"))
        }
        let begin = PodAction.beginStop(deadline: moment(40).boot, restarting: [Self.side])
        #expect(PodPlan.draining(pod, now: moment(10)) == [begin] + stops(30))
    }

    @Test("fails a Pod whose work must not be done twice, though another container of it has not begun")
    func notBegun() {
        let pod = observe(.never) { record in
            var changed = record.accepted.pod
            changed.spec.containers.append(Container(name: "other", image: "nginx:1.14"))
            record.accepted = .make(changed)
        }
        let fail = PodAction.fail(reason: NodeShutdown.reason, message: NodeShutdown.message)
        #expect(PodPlan.draining(pod, now: moment(10)).first == fail)
    }

    @Test("changes nothing about a Pod that is deleted or over already")
    func over() {
        let deletion = DeletionRecord(requestedAt: moment(2).wall, graceSeconds: 30, deadline: moment(32).boot)
        #expect(PodPlan.draining(observe { $0.deletion = deletion }, now: moment(12)) == stops(20))
        #expect(PodPlan.draining(observe { $0.finalPhase = .failed }, now: moment(12)).count == 2)
    }

    @Test("is taken back by the next agent for what nobody had asked to stop")
    func takenBack() {
        var record = observe().record
        record.beginStop(until: moment(40).boot, restarting: [Self.side, Self.main, ContainerID("older")])
        #expect(record.interrupted == [Self.main, Self.side], "one that is not the newest never starts again")

        record.takeBackStop(sparing: [Self.side])
        #expect(record.stopDeadline == nil)
        #expect(record.interrupted == [Self.main])
        #expect(record.restarts("main", after: .make("main", code: 0, at: 5)))
        record.takeBackStop(sparing: [Self.main])
        #expect(record.interrupted == nil)
        #expect(!record.restarts("main", after: .make("main", code: 0, at: 5)))
    }
}
