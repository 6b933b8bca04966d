import Manifests
import PodModel
import Reconciler
import Testing

@Suite("Pod status") struct PodStatusTests {
    private func status(
        _ pod: Pod = .make("a"), sandbox: ObservedSandbox = .ready, records: [String: ContainerRecord] = [:],
        containers: [String: ObservedContainer] = [:], isDeleted: Bool = false, finalPhase: PodPhase? = nil,
        at seconds: Double = 100
    ) -> PodStatus {
        let accepted = AcceptedPod.make(pod)
        let record = PodRecord(
            accepted: accepted, bootID: firstBoot, startTime: moment(1).wall, address: "10.88.0.7",
            sandbox: SandboxRecord(
                id: SandboxID("s"), attempt: 0, createdAt: moment(2).wall,
                node: NodePlace(name: "node-1", address: "192.0.2.1")), containers: records,
            deletion: isDeleted ? DeletionRecord(of: accepted, now: moment(90)) : nil, finalPhase: finalPhase)
        return PodStatus(
            ObservedPod(record: record, sandbox: sandbox, containers: containers), nodeName: "node-1",
            now: moment(seconds))
    }

    private func ran(_ id: String = "c1", attempt: Int = 0, exit: ContainerExit? = nil) -> ContainerRecord {
        let backoff = attempt > 0 ? Backoff(delay: .seconds(40), updatedAt: moment(50)) : nil
        return ContainerRecord(
            id: ContainerID(id), attempt: attempt, startedAt: moment(3).wall, lastExit: exit, backoff: backoff)
    }

    private let running = ObservedContainer.running(id: ContainerID("c1"), since: moment(3).wall)

    @Test("a Pod just accepted is Pending, then ContainerCreating, then Running")
    func birth() {
        let accepted = AcceptedPod.make(.make("a"))
        let awaiting = PodStatus(awaiting: accepted, nodeName: "node-1", now: moment(0))

        #expect(awaiting.phase == .pending)
        #expect(awaiting.statusWord == "Pending", "nobody began with it")
        let begun = ObservedPod(
            record: PodRecord(accepted: accepted, bootID: firstBoot), sandbox: .dead, containers: [:])
        #expect(PodStatus(begun, nodeName: "node-1", now: moment(1)).statusWord == "ContainerCreating")
        #expect(status().phase == .pending)
        #expect(status(records: ["web": ran()], containers: ["web": running]).statusWord == "Running")
    }

    @Test("a node lists what is there, and what was accepted and has no record yet")
    func node() {
        let here = AcceptedPod.make(.make("b"), uid: "u2")
        let successor = AcceptedPod.make(.make("b", image: "nginx:2"), uid: "u3")
        let observed = ObservedPod(
            record: PodRecord(accepted: here, bootID: firstBoot), sandbox: .absent, containers: [:])

        let listed = NodeStatus.pods(
            accepted: .make([.make(.make("a")), successor]), observed: [observed], nodeName: "node-1", now: moment(0))

        #expect(listed.map(\.accepted.uid.text) == ["u1", "u2"])
    }

    @Test("a held-back restart is CrashLoopBackOff, with the kubelet's message and the last end")
    func crashLoop() throws {
        let exit = ContainerExit.make("c1", at: 99)
        let crashed = status(records: ["web": ran(attempt: 3, exit: exit)])
        let container = try #require(crashed.containers.first)

        #expect(crashed.statusWord == "CrashLoopBackOff")
        #expect(crashed.phase == .running)
        #expect(
            container.state
                == .waiting(
                    WaitingReason(
                        reason: "CrashLoopBackOff",
                        message: "back-off 40s restarting failed container=web pod=a_default(u1)")))
        #expect(container.lastExit == exit)
        #expect(crashed.restarts == 3)
        #expect(crashed.lastRestart == exit.finishedAt)
    }

    @Test("once the delay is over the end itself is shown")
    func delayOver() {
        let exit = ContainerExit.make("c1", code: 0, at: 51)

        #expect(status(records: ["web": ran(attempt: 3, exit: exit)]).statusWord == "Completed")
    }

    @Test("a container that cannot be created says why")
    func waiting() {
        let reason = WaitingReason(reason: "ErrImageNeverPull", message: "image nginx:1.14 is not present")

        #expect(status(records: ["web": ContainerRecord(waiting: reason)]).statusWord == "ErrImageNeverPull")
        #expect(status(records: ["web": ContainerRecord(waiting: reason)]).phase == .pending)
    }

    @Test("a pull that failed is shown as it fails, and then as what is held back")
    func heldPull() throws {
        func shown(after seconds: Double) throws -> WaitingReason {
            let reason = WaitingReason(
                reason: "ErrImagePull", message: "no such image", since: moment(100 - seconds).wall)
            let container = try #require(
                status(records: ["web": ContainerRecord(waiting: reason)], at: 100).containers.first)
            guard case .waiting(let waiting) = container.state else { throw CancellationError() }
            return waiting
        }

        #expect(try shown(after: 0.2).reason == "ErrImagePull")
        #expect(try shown(after: 5).reason == "ImagePullBackOff")
        #expect(
            try shown(after: 5).message
                == "Back-off pulling image \"nginx:1.14\": ErrImagePull: no such image")
    }

    @Test("a pull of an image that a container mounts is told with that image's name")
    func heldPullOfVolume() throws {
        let reason = WaitingReason(
            reason: "ErrImagePull", message: "no such image", since: moment(0).wall, image: "model:1")
        let container = try #require(
            status(records: ["web": ContainerRecord(waiting: reason)], at: 100).containers.first)
        guard case .waiting(let waiting) = container.state else { throw CancellationError() }

        #expect(waiting.message == "Back-off pulling image \"model:1\": ErrImagePull: no such image")
    }

    @Test(
        "a finished Pod says how it ended",
        arguments: [
            (0, .completed, .succeeded, "Completed"), (1, .error, .failed, "Error"),
            (137, .oomKilled, .failed, "OOMKilled"), (128, .startError, .failed, "StartError"),
        ] as [(Int32, TerminationReason, PodPhase, String)])
    func finished(code: Int32, reason: TerminationReason, phase: PodPhase, word: String) {
        let exit = ContainerExit.make("c1", code: code, reason: reason, at: 99)
        let finished = status(
            .make("a", policy: .never), sandbox: .absent, records: ["web": ran(exit: exit)], finalPhase: phase)

        #expect(finished.phase == phase)
        #expect(finished.statusWord == word)
        #expect(finished.readyCount == 0)
    }

    @Test("a Pod one of whose containers is done reads NotReady, or the error of the other")
    func partlyDone() {
        let done = ContainerExit.make("c1", code: 0, at: 99)
        let failed = ContainerExit.make("c3", code: 1, at: 99)
        let pod = Pod.make("a", ["x", "y"], policy: .never)
        let three = Pod.make("a", ["x", "y", "z"], policy: .never)

        #expect(
            status(pod, records: ["x": ran(exit: done), "y": ran("c2")], containers: ["y": running]).statusWord
                == "NotReady")
        #expect(
            status(
                three, records: ["x": ran(exit: done), "y": ran("c2"), "z": ran("c3", exit: failed)],
                containers: ["y": running]
            ).statusWord == "Error")
    }

    @Test("a Pod asked to end reads Terminating, unless it had finished before")
    func terminating() {
        let exit = ContainerExit.make("c1", code: 0, at: 80)

        #expect(
            status(records: ["web": ran()], containers: ["web": running], isDeleted: true).statusWord == "Terminating")
        #expect(
            status(
                .make("a", policy: .never), sandbox: .absent, records: ["web": ran(exit: exit)], isDeleted: true,
                finalPhase: .succeeded
            ).statusWord == "Completed")
    }

    @Test("conditions say what is missing, and since when")
    func conditions() {
        let half = status(.make("a", ["x", "y"]), records: ["x": ran()], containers: ["x": running])
        let words = half.conditions.map { "\($0.kind.rawValue) \($0.isTrue) \($0.reason ?? "-") \($0.message ?? "-")" }

        #expect(
            words == [
                "PodReadyToStartContainers true - -", "Initialized true - -",
                "Ready false ContainersNotReady containers with unready status: [y]",
                "ContainersReady false ContainersNotReady containers with unready status: [y]", "PodScheduled true - -",
            ])
        #expect(half.readyCount == 1)

        let ready = status(records: ["web": ran()], containers: ["web": running])
        #expect(ready.isReady)
        #expect(ready.conditions.first { $0.kind == .ready }?.since == moment(3).wall)
    }

    @Test("a Pod that succeeded is initialized and not ready, because it completed")
    func completedConditions() {
        let exit = ContainerExit.make("c1", code: 0, at: 99)
        let done = status(
            .make("a", policy: .never), sandbox: .absent, records: ["web": ran(exit: exit)], finalPhase: .succeeded)

        #expect(done.conditions.map(\.reason) == [nil, "PodCompleted", "PodCompleted", "PodCompleted", nil])
        #expect(done.conditions.map(\.isTrue) == [false, true, false, false, true])
    }

    @Test("the object carries identity, defaults and status as Kubernetes writes them")
    func object() {
        let object = PodObject.json(
            status(
                records: ["web": ran()], containers: ["web": running], isDeleted: true))
        let container = object["status"]?["containerStatuses"]?[0]

        #expect(object["kind"] == "Pod")
        #expect(object["metadata"]?["uid"] == "u1")
        #expect(object["metadata"]?["creationTimestamp"] == "2023-11-14T22:13:20Z")
        #expect(object["metadata"]?["deletionTimestamp"] == "2023-11-14T22:15:20Z")
        #expect(object["metadata"]?["deletionGracePeriodSeconds"] == 30)
        #expect(object["spec"]?["nodeName"] == "node-1")
        #expect(object["spec"]?["restartPolicy"] == "Always")
        #expect(object["status"]?["podIPs"] == [["ip": "10.88.0.7"]])
        #expect(object["status"]?["hostIP"] == "192.0.2.1")
        #expect(object["status"]?["qosClass"] == "BestEffort")
        #expect(container?["containerID"] == "reconcile://c1")
        #expect(container?["state"] == ["running": ["startedAt": "2023-11-14T22:13:23Z"]])
        #expect(container?["lastState"] == [:])
        #expect(container?["started"] == true)
    }

    @Test(
        "the quality of service follows from the resources",
        arguments: [
            ([nil], [nil], .bestEffort), ([(0, 0)], [nil], .bestEffort), ([(500, 64)], [nil], .guaranteed),
            ([(500, 64)], [(250, 64)], .burstable), ([(500, nil)], [nil], .burstable), ([nil], [(1, nil)], .burstable),
            ([(500, 64), (100, 32)], [nil, nil], .guaranteed), ([(500, 64), nil], [nil, nil], .burstable),
            ([(500, 0)], [nil], .burstable),
        ] as [([(Int?, Int?)?], [(Int?, Int?)?], QoSClass)])
    func qualityOfService(limits: [(Int?, Int?)?], requests: [(Int?, Int?)?], expected: QoSClass) {
        let list = { (amounts: (Int?, Int?)?) in
            ResourceList(cpu: amounts?.0.map { MilliCPU($0) }, memory: amounts?.1.map { Bytes($0) })
        }
        var pod = Pod.make("a", limits.indices.map { "c\($0)" })
        for index in limits.indices {
            pod.spec.containers[index].resources = ResourceRequirements(
                limits: list(limits[index]), requests: list(requests[index]))
        }

        #expect(status(pod).qosClass == expected)
    }
}
