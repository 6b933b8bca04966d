import Manifests
import PodModel
import Reconciler
import Testing

@Suite("Pod plan") struct PodPlanTests {
    private func observe(
        _ pod: Pod = .make("a"), sandbox: ObservedSandbox = .ready, attempt: Int? = 0, made: Double = 0,
        records: [String: ContainerRecord] = [:], containers: [String: ObservedContainer] = [:],
        deletion: DeletionRecord? = nil, finalPhase: PodPhase? = nil, boot: BootID = firstBoot
    ) -> ObservedPod {
        let record = PodRecord(
            accepted: .make(pod), bootID: boot,
            sandbox: attempt.map {
                SandboxRecord(id: SandboxID("s"), attempt: $0, createdAt: moment(made).wall)
            }, containers: records, deletion: deletion, finalPhase: finalPhase)
        return ObservedPod(record: record, sandbox: sandbox, containers: containers)
    }

    private func ran(_ id: String = "c1", attempt: Int = 0, exit: ContainerExit? = nil, backoff: Backoff? = nil)
        -> ContainerRecord
    {
        ContainerRecord(
            id: ContainerID(id), attempt: attempt, startedAt: moment(0).wall, lastExit: exit, backoff: backoff)
    }

    private func running(_ id: String = "c1") -> ObservedContainer {
        .running(id: ContainerID(id), since: moment(0).wall)
    }

    private let first = Backoff(delay: .seconds(10), updatedAt: moment(100))

    @Test("a new Pod gets its sandbox, then its containers in the order of the manifest")
    func new() {
        let plan = PodPlan(observe(.make("a", ["x", "y"]), sandbox: .absent, attempt: nil), now: moment(0))

        #expect(
            plan.actions == [
                .createSandbox(attempt: 0), .startContainer(name: "x", attempt: 0, backoff: nil),
                .startContainer(name: "y", attempt: 0, backoff: nil),
            ])
        #expect(plan.wake == nil)
    }

    @Test("a Pod that runs needs nothing")
    func steady() {
        let pod = observe(records: ["web": ran()], containers: ["web": running()])

        #expect(PodPlan(pod, now: moment(5)).actions.isEmpty)
        #expect(PodPlan(pod, now: moment(5)).wake == nil)
    }

    // MARK: What changes about a container

    private func started(_ image: String, exit: ContainerExit? = nil, resources: JSONValue? = nil) -> ContainerRecord {
        var fields: [String: JSONValue] = [
            "name": "web", "image": .string(image), "imagePullPolicy": "IfNotPresent",
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
        ]
        fields["resources"] = resources
        return ContainerRecord(
            id: ContainerID("c1"), attempt: 3, startedAt: moment(0).wall, lastExit: exit,
            backoff: Backoff(delay: .seconds(160), updatedAt: moment(0)), definition: .object(fields))
    }

    @Test("a changed container is stopped with its grace, whatever the policy", arguments: RestartPolicy.allCases)
    func outdated(policy: RestartPolicy) {
        let pod = observe(
            .make("a", policy: policy), records: ["web": started("nginx:1.13")], containers: ["web": running()])

        #expect(
            PodPlan(pod, now: moment(5)).actions == [
                .stopContainer(
                    name: "web", id: ContainerID("c1"), grace: .seconds(30), reason: "definition changed")
            ])
    }

    @Test("and started again at once: one restart more, its back-off forgotten", arguments: RestartPolicy.allCases)
    func redefined(policy: RestartPolicy) {
        let exit = ContainerExit.make("c1", code: 0, at: 100)
        let start = PodAction.startContainer(name: "web", attempt: 4, backoff: nil)
        let stopped = observe(
            .make("a", policy: policy), records: ["web": started("nginx:1.13")], containers: ["web": .exited(exit)])
        let committed = observe(.make("a", policy: policy), records: ["web": started("nginx:1.13", exit: exit)])

        #expect(PodPlan(stopped, now: moment(100)).actions == [.commitExit(exit, container: "web"), start])
        #expect(PodPlan(committed, now: moment(100)).actions == [start])
        #expect(PodStatus(committed, nodeName: "n", now: moment(100)).phase == .running)
    }

    @Test("a container that crashes is started at once when its definition changes")
    func mended() {
        let exit = ContainerExit.make("c1", at: 100)
        let held = observe(records: ["web": started("nginx:1.14", exit: exit)])
        let mended = observe(records: ["web": started("broken:1", exit: exit)])

        #expect(PodPlan(held, now: moment(101)).actions == [])
        #expect(
            PodPlan(mended, now: moment(101)).actions == [.startContainer(name: "web", attempt: 4, backoff: nil)])
    }

    @Test("its neighbours are left alone, and what must start does not wait for what must stop")
    func neighbours() {
        let pod = observe(
            .make("a", ["web", "new", "side"]),
            records: ["web": started("nginx:1.13"), "side": ran("c2")],
            containers: ["web": running(), "side": running("c2")])

        #expect(
            PodPlan(pod, now: moment(5)).actions.map { "\($0.verb) \($0.container ?? "")" }
                == ["start container new", "stop container web"])
    }

    @Test("an instance of which nobody noted what it was started from is left alone")
    func adopted() {
        #expect(PodPlan(observe(records: ["web": ran()], containers: ["web": running()]), now: moment(5)).actions == [])
    }

    @Test("changed cpu and memory are applied to what runs, and what crashed is tried with them at once")
    func resized() {
        let record = started("nginx:1.14", resources: ["limits": ["cpu": "1"]])
        let exit = ContainerExit.make("c1", at: 100)

        #expect(
            PodPlan(observe(records: ["web": record], containers: ["web": running()]), now: moment(5)).actions
                == [.resizeContainer(name: "web", id: ContainerID("c1"))])
        var ended = record
        ended.lastExit = exit
        #expect(
            PodPlan(observe(records: ["web": ended]), now: moment(101)).actions
                == [.startContainer(name: "web", attempt: 4, backoff: nil)])
    }

    @Test("a Pod that has ended stays so, whatever changes")
    func endedStays() {
        let exit = ContainerExit.make("c1", code: 0, at: 100)
        let pod = observe(
            .make("a", policy: .never), sandbox: .absent, records: ["web": started("nginx:1.13", exit: exit)],
            finalPhase: .succeeded)

        #expect(PodPlan(pod, now: moment(200)).actions == [])
    }

    @Test(
        "a restart rule starts a container again that its policy would leave ended, with its back-off, and only after its codes",
        arguments: [(42, nil), (1, .failed), (0, .succeeded)] as [(Int32, PodPhase?)])
    func restartRule(code: Int32, phase: PodPhase?) {
        var spec = Pod.make("a", policy: .never)
        spec.spec.containers[0].restartPolicy = .never
        spec.spec.containers[0].restartPolicyRules = [
            ContainerRestartRule(exitCodes: ContainerExitCodes(.in, [42]))
        ]
        let pod = observe(spec, records: ["web": ran(exit: .make("c1", code: code, at: 100))])

        let plan = PodPlan(pod, now: moment(101))
        let status = PodStatus(pod, nodeName: "n", now: moment(101))
        if let phase {
            #expect(plan.actions.first == .finish(phase))
            #expect(status.phase == phase)
        } else {
            #expect(plan.actions.map(\.verb) == ["start container"])
            #expect(status.phase == .running)
        }
    }

    @Test("a start that nobody could write down is written down first, and counts as one when the instance is lost")
    func unwrittenStart() {
        let unwritten = ContainerRecord(id: ContainerID("c1"), attempt: 2, backoff: first)
        let pod = observe(records: ["web": unwritten], containers: ["web": running()])
        #expect(
            PodPlan(pod, now: moment(5)).actions
                == [.commitStart(id: ContainerID("c1"), since: moment(0).wall, container: "web")])
        #expect(PodStatus(pod, nodeName: "n", now: moment(5)).statusWord == "Running")

        var written = unwritten
        written.noteStart(of: ContainerID("c1"), at: moment(0).wall)
        let lost = PodPlan(observe(records: ["web": written]), now: moment(200))
        #expect(lost.actions.map(\.verb) == ["commit exit"])
        #expect(lost.wake == moment(210).boot, "held back: it is the third restart")
    }

    @Test("the first restart is immediate, after the end is written down")
    func firstRestart() {
        let exit = ContainerExit.make("c1", at: 100)
        let pod = observe(records: ["web": ran()], containers: ["web": .exited(exit)])

        #expect(
            PodPlan(pod, now: moment(100)).actions == [
                .commitExit(exit, container: "web"), .startContainer(name: "web", attempt: 1, backoff: first),
            ])
    }

    @Test("a second crash is held back, and the plan says until when")
    func heldBack() {
        let exit = ContainerExit.make("c2", at: 101)
        let pod = observe(records: ["web": ran("c2", attempt: 1, exit: exit, backoff: first)])
        let plan = PodPlan(pod, now: moment(102))

        #expect(plan.actions.isEmpty)
        #expect(plan.wake == moment(111).boot)
        #expect(
            PodPlan(pod, now: moment(111)).actions == [
                .startContainer(
                    name: "web", attempt: 2, backoff: Backoff(delay: .seconds(20), updatedAt: moment(111)))
            ])
    }

    @Test(
        "the restart policy decides what an end means",
        arguments: [
            (.always, 0, nil), (.always, 1, nil), (.onFailure, 0, .succeeded), (.onFailure, 1, nil),
            (.never, 0, .succeeded), (.never, 1, .failed),
        ] as [(RestartPolicy, Int32, PodPhase?)])
    func policy(policy: RestartPolicy, code: Int32, phase: PodPhase?) {
        let exit = ContainerExit.make("c1", code: code, at: 100)
        let pod = observe(.make("a", policy: policy), records: ["web": ran()], containers: ["web": .exited(exit)])
        let commit = PodAction.commitExit(exit, container: "web")
        let restart = PodAction.startContainer(name: "web", attempt: 1, backoff: first)

        let expected = phase.map { [.finish($0), commit, .stopSandbox] } ?? [commit, restart]
        #expect(PodPlan(pod, now: moment(100)).actions == expected)
    }

    @Test("a finished Pod never runs again, and its sandbox goes")
    func finished() {
        let exit = ContainerExit.make("c1", code: 0, at: 100)
        let records = ["web": ran(exit: exit)]

        #expect(
            PodPlan(observe(records: records, finalPhase: .succeeded), now: moment(200)).actions == [.stopSandbox])
        #expect(
            PodPlan(observe(sandbox: .absent, records: records, finalPhase: .failed), now: moment(200)).actions.isEmpty)
    }

    @Test("while one container runs, a finished one does not end the Pod")
    func partlyFinished() {
        let exit = ContainerExit.make("c1", code: 0, at: 100)
        let pod = observe(
            .make("a", ["x", "y"], policy: .never), records: ["x": ran(exit: exit), "y": ran("c2")],
            containers: ["y": running("c2")])

        #expect(PodPlan(pod, now: moment(200)).actions.isEmpty)
    }

    @Test("a killed supervisor: the ends are unknown, everything is cleared and built anew")
    func deadSupervisor() {
        let plan = PodPlan(observe(sandbox: .dead, records: ["web": ran()]), now: moment(100))
        let verbs = plan.actions.map(\.verb)

        #expect(verbs == ["commit exit", "stop sandbox", "create sandbox", "start container"])
        guard case .commitExit(let exit, "web") = plan.actions[0] else { return }
        #expect(exit.code == 137)
        #expect(exit.reason == .containerStatusUnknown)
        #expect(plan.actions[2] == .createSandbox(attempt: 1))
        #expect(plan.actions[3] == .startContainer(name: "web", attempt: 1, backoff: first))
    }

    @Test("a killed pause: what still runs is stopped before the sandbox is built anew")
    func deadPause() {
        let pod = observe(sandbox: .dead, records: ["web": ran()], containers: ["web": running()])

        #expect(
            PodPlan(pod, now: moment(100)).actions == [
                .beginStop(deadline: moment(130).boot, restarting: []),
                .stopContainer(
                    name: "web", id: ContainerID("c1"), grace: .seconds(30), reason: "sandbox changed"),
            ])
    }

    @Test("a sandbox that keeps dying is not rebuilt in a circle")
    func holdOff() {
        let pod = observe(sandbox: .dead, attempt: 1, made: 95, records: ["web": ran()])
        let plan = PodPlan(pod, now: moment(100))

        #expect(plan.actions.map(\.verb) == ["commit exit", "stop sandbox"])
        #expect(plan.wake == moment(105).boot)
    }

    @Test("after a reboot everything that ran starts again at once, counted as a restart")
    func reboot() {
        let pod = observe(
            .make("a", ["x", "y"]), sandbox: .absent, attempt: 3,
            records: [
                "x": ran(attempt: 2, backoff: Backoff(delay: .seconds(80), updatedAt: moment(0))), "y": ran("c2"),
            ])
        let now = moment(20, boot: BootID("boot-2"))
        let plan = PodPlan(pod, now: now)

        #expect(
            plan.actions.dropFirst(2) == [
                .createSandbox(attempt: 4),
                .startContainer(
                    name: "x", attempt: 3, backoff: Backoff(delay: .seconds(80), updatedAt: moment(0))),
                .startContainer(name: "y", attempt: 1, backoff: nil),
            ])
        #expect(plan.actions.prefix(2).map(\.verb) == ["commit exit", "commit exit"])
    }

    @Test("a Pod with policy Never that was running fails with the machine")
    func rebootNever() {
        let pod = observe(.make("a", policy: .never), sandbox: .absent, records: ["web": ran()])
        let plan = PodPlan(pod, now: moment(20, boot: BootID("boot-2")))

        #expect(plan.actions.map(\.verb) == ["finish", "commit exit"])
        #expect(plan.actions.first == .finish(.failed))
    }

    @Test("a container that was created and never started is started again under the same number")
    func created() {
        let record = ContainerRecord(id: ContainerID("c1"), attempt: 2)

        #expect(
            PodPlan(observe(records: ["web": record]), now: moment(5)).actions == [
                .startContainer(name: "web", attempt: 2, backoff: nil)
            ])
    }

    @Test("a start that failed is tried again when its delay is over, and keeps no other container from starting")
    func retry() {
        let start = PodAction.startContainer(name: "x", attempt: 0, backoff: nil)
        let failure = ActionFailure(reason: "ErrImageNeverPull", message: "image is not present")
        let retries = [RetryKey(start): Retry(failure, after: nil, now: moment(0).boot)]
        let pod = observe(.make("a", ["x", "y"]))
        let held = PodPlan(pod, retries: retries, now: moment(3))

        #expect(held.actions == [.startContainer(name: "y", attempt: 0, backoff: nil)])
        #expect(held.held == [failure])
        #expect(held.wake == moment(10).boot)
        #expect(PodPlan(pod, retries: retries, now: moment(10)).actions.first == start)
    }

    private func needing(_ images: [String: String], _ containers: [String] = ["x", "y", "z"]) -> ObservedPod {
        let pod = observe(.make("a", containers))
        return ObservedPod(
            record: pod.record, sandbox: pod.sandbox, containers: [:], imagesToPull: images.mapValues { [$0] })
    }

    private func start(_ name: String) -> PodAction { .startContainer(name: name, attempt: 0, backoff: nil) }

    @Test("images are pulled just before the first start that needs one, each once, side by side")
    func pulls() {
        let plan = PodPlan(needing(["y": "i:1", "z": "i:1"]), now: moment(0))
        let two = PodPlan(needing(["x": "i:1", "z": "i:2"]), now: moment(0))

        #expect(
            plan.actions == [start("x"), .pullImage(image: "i:1", container: "y"), start("y"), start("z")])
        #expect(
            two.actions == [
                .pullImage(image: "i:1", container: "x"), .pullImage(image: "i:2", container: "z"), start("x"),
                start("y"), start("z"),
            ])
    }

    @Test("a container waits for every image that it needs, those that it mounts among them")
    func pullsOfVolumes() {
        let pod = observe(.make("a", ["x", "y"]))
        let needing = ObservedPod(
            record: pod.record, sandbox: pod.sandbox, containers: [:],
            imagesToPull: ["x": ["i:1", "v:1"], "y": ["v:1"]])
        let pull = PodAction.pullImage(image: "v:1", container: "x")

        #expect(
            PodPlan(needing, now: moment(0)).actions == [
                .pullImage(image: "i:1", container: "x"), pull, start("x"), start("y"),
            ])
        let retries = [
            RetryKey(pull): Retry(ActionFailure(reason: "ErrImagePull", message: "no"), after: nil, now: moment(0).boot)
        ]
        #expect(
            PodPlan(needing, retries: retries, now: moment(1)).actions == [.pullImage(image: "i:1", container: "x")])
    }

    @Test("a pull that failed holds back every container of its image, and no other")
    func heldPull() {
        let failure = ActionFailure(reason: "ErrImagePull", message: "no such image")
        let pull = PodAction.pullImage(image: "i:1", container: "x")
        let retries = [RetryKey(pull): Retry(failure, after: nil, now: moment(0).boot)]
        let held = PodPlan(needing(["x": "i:1", "z": "i:1"]), retries: retries, now: moment(3))

        #expect(held.actions == [start("y")])
        #expect(held.held == [failure])
        #expect(held.wake == moment(10).boot)
        // Somebody brought it meanwhile.
        #expect(
            PodPlan(needing([:]), retries: retries, now: moment(3)).actions == [start("x"), start("y"), start("z")])
    }

    @Test("without a sandbox nothing starts")
    func retrySandbox() {
        let failure = ActionFailure(reason: "FailedCreatePodSandBox", message: "no address is left")
        let create = PodAction.createSandbox(attempt: 0)
        let retries = [RetryKey(create): Retry(failure, after: nil, now: moment(0).boot)]
        let plan = PodPlan(observe(sandbox: .absent, attempt: nil), retries: retries, now: moment(3))

        #expect(plan.actions.isEmpty)
        #expect(plan.wake == moment(10).boot)
    }

    @Test("retries wait 10, 20, 40 … 300 seconds")
    func retryLadder() {
        let failure = ActionFailure(reason: "x", message: "y")
        var retry: Retry?
        var delays: [Int64] = []

        for _ in 0..<7 {
            retry = Retry(failure, after: retry, now: moment(0).boot)
            delays.append(retry?.delay.components.seconds ?? 0)
        }

        #expect(delays == [10, 20, 40, 80, 160, 300, 300])
    }

    @Test(
        "a deleted Pod's containers get what is left of the grace, and never less than two seconds",
        arguments: [(0, 30), (20, 10), (29, 2), (100, 2)] as [(Double, Int64)])
    func deletion(after seconds: Double, grace: Int64) {
        let pod = observe(
            .make("a", ["x", "y"]), records: ["x": ran(), "y": ran("c2")],
            containers: ["x": running(), "y": running("c2")],
            deletion: DeletionRecord(of: .make(.make("a")), now: moment(0)))

        #expect(
            PodPlan(pod, now: moment(seconds)).actions == [
                .stopContainer(name: "x", id: ContainerID("c1"), grace: .seconds(grace), reason: "pod deleted"),
                .stopContainer(name: "y", id: ContainerID("c2"), grace: .seconds(grace), reason: "pod deleted"),
            ])
    }

    @Test("a deleted Pod without grace is killed with its sandbox; an end that came before is written down")
    func deletionAtOnce() {
        let exit = ContainerExit.make("c2", at: 100)
        let pod = observe(
            .make("a", ["x", "y"]), records: ["x": ran(), "y": ran("c2")],
            containers: ["x": running(), "y": .exited(exit)],
            deletion: DeletionRecord(of: .make(.make("a", grace: 0)), now: moment(0)))

        #expect(PodPlan(pod, now: moment(0)).actions == [.commitExit(exit, container: "y"), .stopSandbox, .remove])
    }

    @Test("a deleted Pod is cleared in order, and is never started again")
    func deletionOrder() {
        let exit = ContainerExit.make("c1", at: 100)
        let deletion = DeletionRecord(of: .make(.make("a")), now: moment(0))
        let stopped = observe(records: ["web": ran()], containers: ["web": .exited(exit)], deletion: deletion)
        let cleared = observe(sandbox: .absent, records: ["web": ran(exit: exit)], deletion: deletion)

        #expect(
            PodPlan(stopped, now: moment(100)).actions
                == [.commitExit(exit, container: "web"), .stopSandbox, .remove])
        #expect(PodPlan(cleared, now: moment(100)).actions == [.remove])
    }
}
