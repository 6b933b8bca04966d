import Manifests
import PodModel
import Reconciler
import Testing

@Suite("Hooks and deadlines in a Pod's plan") struct LifecyclePlanTests {
    private func pod(_ names: [String] = ["web"], deadline: Int? = nil) -> Pod {
        var pod = Pod.make("a", names)
        for index in names.indices {
            pod.spec.containers[index].lifecycle = Lifecycle(
                postStart: LifecycleHandler(exec: ExecAction(command: ["true"])))
        }
        pod.spec.activeDeadlineSeconds = deadline
        return pod
    }

    private func observe(
        _ pod: Pod, hook: PostStartHook? = nil, exit: ContainerExit? = nil, waiting: WaitingReason? = nil,
        backoff: Backoff? = nil, running: Bool = true
    ) -> ObservedPod {
        let container = ContainerRecord(
            id: ContainerID("c1"), startedAt: moment(1).wall, lastExit: exit, waiting: waiting, backoff: backoff,
            postStart: hook)
        return ObservedPod(
            record: PodRecord(
                accepted: .make(pod), bootID: firstBoot, startTime: moment(0).wall,
                sandbox: SandboxRecord(id: SandboxID("s"), attempt: 0, createdAt: moment(0).wall),
                containers: ["web": container]),
            sandbox: .ready,
            containers: running ? ["web": .running(id: ContainerID("c1"), since: moment(1).wall)] : [:])
    }

    private func actions(_ pod: ObservedPod, at seconds: Double = 5) -> [PodAction] {
        PodPlan(pod, now: moment(seconds)).actions
    }

    @Test("a hook follows its container's start, before the next container starts")
    func order() {
        let new = ObservedPod(
            record: PodRecord(accepted: .make(pod(["x", "y"])), bootID: firstBoot), sandbox: .absent, containers: [:])

        #expect(
            actions(new) == [
                .createSandbox(attempt: 0),
                .startContainer(name: "x", attempt: 0, backoff: nil), .runPostStart(name: "x", attempt: 0),
                .startContainer(name: "y", attempt: 0, backoff: nil), .runPostStart(name: "y", attempt: 0),
            ])
    }

    @Test("a start that is held back takes its hook with it, and keeps no other container from its start or its stop")
    func heldStart() {
        let (start, hook) = (
            PodAction.startContainer(name: "x", attempt: 0, backoff: nil), PodAction.runPostStart(name: "x", attempt: 0)
        )
        let pull = PodAction.pullImage(image: "nginx:1.14", container: "x")
        let two = pod(["x", "web"])
        func held(_ action: PodAction, _ pod: ObservedPod, missing: [String: [String]] = [:]) -> [PodAction] {
            let seen = ObservedPod(
                record: pod.record, sandbox: .ready, containers: pod.containers, imagesToPull: missing)
            let retry = Retry(ActionFailure(reason: "Failed", message: "no"), after: nil, now: moment(4).boot)
            return PodPlan(seen, retries: [RetryKey(action): retry], now: moment(5)).actions
        }
        let well = observe(two, hook: .done(ContainerID("c1")))
        let ill = observe(two, hook: .failed(ContainerID("c1")))
        let over = observe(two, exit: .make("c1", at: 4), running: false)

        #expect(held(start, well) == [])
        #expect(held(start, ill).map(\.verb) == ["stop container"])
        #expect(held(start, over).map(\.container) == ["web", "web"], "its start, and its hook")
        #expect(held(pull, well, missing: ["x": ["nginx:1.14"]]) == [])
        #expect(held(hook, over).filter { $0.container == "web" }.count == 2, "nor does a hook that failed to be noted")
    }

    @Test("of a container that runs it is carried out once; one of an earlier life does not count")
    func once() {
        #expect(actions(observe(pod())) == [.runPostStart(name: "web", attempt: 0)], "the agent ended in between")
        #expect(actions(observe(pod(), hook: .done(ContainerID("c1")))) == [])
        #expect(actions(observe(pod(), hook: .done(ContainerID("c0")))) == [.runPostStart(name: "web", attempt: 0)])
    }

    @Test("until it is over its container is not said to run, nor to be ready")
    func goesOn() {
        func status(_ hook: PostStartHook?) -> PodStatus {
            PodStatus(observe(pod(), hook: hook), nodeName: "n", now: moment(5))
        }

        #expect(status(nil).statusWord == "ContainerCreating" && status(nil).readyCount == 0)
        #expect(status(nil).phase == .pending)
        #expect(status(.done(ContainerID("c0"))).statusWord == "ContainerCreating", "that was an earlier life's")
        #expect(status(.done(ContainerID("c1"))).statusWord == "Running" && status(.done(ContainerID("c1"))).isReady)
    }

    @Test("its failure stops the container; while the next start is not held back, that is why it waits")
    func failure() {
        let failed = observe(pod(), hook: .failed(ContainerID("c1")))
        #expect(
            actions(failed) == [
                .stopContainer(
                    name: "web", id: ContainerID("c1"), grace: .seconds(30), reason: "FailedPostStartHook")
            ])
        let events = PodEvents(of: failed.record.accepted).begun(actions(failed)[0], at: moment(5).wall)
        #expect(events.map(\.message) == ["FailedPostStartHook"])

        let reason = WaitingReason(reason: "PostStartHookError", message: "it failed")
        let ended = observe(pod(), exit: .make("c1", at: 4), waiting: reason, running: false)
        #expect(PodStatus(ended, nodeName: "n", now: moment(5)).statusWord == "PostStartHookError")
        let held = observe(
            pod(), exit: .make("c1", at: 4), waiting: reason,
            backoff: Backoff(delay: .seconds(10), updatedAt: moment(1)), running: false)
        #expect(PodStatus(held, nodeName: "n", now: moment(5)).statusWord == "CrashLoopBackOff")
    }

    @Test("a Pod fails when its time is over, and is looked at then")
    func deadline() {
        var plain = Pod.make("a")
        plain.spec.activeDeadlineSeconds = 60
        let running = observe(plain)
        #expect(PodPlan(running, now: moment(59)).wake == moment(60).boot)
        #expect(
            actions(running, at: 60).first
                == .fail(
                    reason: "DeadlineExceeded",
                    message: "Pod was active on the node longer than the specified deadline"))
        #expect(actions(running, at: 60).last?.verb == "stop container")
    }

    @Test(
        "a Pod that had ended in time has not failed, though nobody looked before its time was over",
        arguments: [(50.0, true), (61, false)])
    func endedUnwatched(seconds: Double, isInTime: Bool) {
        var plain = Pod.make("a", policy: .never)
        plain.spec.activeDeadlineSeconds = 60
        let ended = observe(plain, exit: .make("c1", code: 0, at: seconds), running: false)
        #expect((actions(ended, at: 90).first == .finish(.succeeded)) == isInTime)
        #expect((actions(ended, at: 90).first?.verb == "fail") == !isInTime)
    }

    @Test("why it failed is shown")
    func shown() {
        var failed = observe(Pod.make("a")).record
        failed.finalPhase = .failed
        failed.finalReason = WaitingReason(reason: "DeadlineExceeded", message: "too long")
        let status = PodStatus(
            ObservedPod(record: failed, sandbox: .absent, containers: [:]), nodeName: "n", now: moment(70))

        #expect(PodObject.json(status)["status"]?["reason"] == "DeadlineExceeded")
        #expect(PodObject.json(status)["status"]?["message"] == "too long")
        #expect(PodObject.json(status)["status"]?["phase"] == "Failed")
    }
}
