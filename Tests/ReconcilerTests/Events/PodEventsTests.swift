import Manifests
import PodModel
import Reconciler
import Testing

@Suite("Pods are told about in the kubelet's words") struct PodEventsTests {
    private let events = PodEvents(of: .make(.make("web", ["app"]), uid: "u1"))
    private let time = moment(5).wall

    private func words(_ events: [PodEvent]) -> [String] {
        events.map { "\($0.type.rawValue) \($0.reason) \($0.container ?? "-") \($0.message)" }
    }

    @Test("a Pod that the node takes on is scheduled")
    func scheduled() {
        #expect(
            words(events.scheduled(to: "node-1", at: time)) == [
                "Normal Scheduled - Successfully assigned default/web to node-1"
            ])
    }

    @Test("an event bears the Pod's name and identity, and the time")
    func identity() {
        let event = events.scheduled(to: "node-1", at: time).first

        #expect(event?.pod == PodName(namespace: "default", name: "web"))
        #expect(event?.uid == PodUID("u1"))
        #expect(event?.at == time)
    }

    @Test(
        "what is about to be done",
        arguments: [
            (PodAction.createSandbox(attempt: 0), []),
            (
                .createSandbox(attempt: 1),
                ["Normal SandboxChanged - Pod sandbox changed, it will be killed and re-created."]
            ),
            (stop("pod deleted"), ["Normal Killing app Stopping container app"]),
            (stop("pod finished"), ["Normal Killing app Stopping container app"]),
            (stop("sandbox changed"), ["Normal Killing app Stopping container app"]),
            (stop("definition changed"), ["Normal Killing app Container app definition changed, will be restarted"]),
            (.startContainer(name: "app", attempt: 0, backoff: nil), []),
            (.pullImage(image: "nginx:1.14", container: "app"), ["Normal Pulling app Pulling image \"nginx:1.14\""]),
            (.remove, []),
        ])
    func begun(action: PodAction, expected: [String]) {
        #expect(words(events.begun(action, at: time)) == expected)
    }

    @Test("what still runs when its sandbox ends is told of as killed")
    func killedWithSandbox() {
        let pod = AcceptedPod.make(.make("web", ["app", "side"], grace: 0), uid: "u1")
        let seen = ObservedPod(
            record: PodRecord(
                accepted: pod, bootID: firstBoot, deletion: DeletionRecord(of: pod, now: moment(0))),
            sandbox: .ready,
            containers: [
                "app": .running(id: ContainerID("c1"), since: time), "side": .exited(.make("c2", at: 1)),
            ])

        let events = PodEvents(of: seen, along: PodPlan(seen, now: moment(5)))

        #expect(words(events.begun(.stopSandbox, at: time)) == ["Normal Killing app Stopping container app"])
    }

    @Test("what a plan stops one by one is told of once")
    func stoppedBefore() {
        let pod = AcceptedPod.make(.make("web", ["app"]), uid: "u1")
        let seen = ObservedPod(
            record: PodRecord(
                accepted: pod, bootID: firstBoot, deletion: DeletionRecord(of: pod, now: moment(0))),
            sandbox: .ready, containers: ["app": .running(id: ContainerID("c1"), since: time)])

        let events = PodEvents(of: seen, along: PodPlan(seen, now: moment(5)))

        #expect(words(events.begun(.stopSandbox, at: time)) == [])
    }

    @Test(
        "what was done",
        arguments: [
            (
                PodAction.startContainer(name: "app", attempt: 0, backoff: nil), ActionDetail("process 7"),
                [
                    "Normal Pulled app Container image \"nginx:1.14\" already present on machine and can be accessed by "
                        + "the pod",
                    "Normal Created app Container created", "Normal Started app Container started",
                ]
            ),
            (
                .startContainer(name: "app", attempt: 0, backoff: nil),
                ActionDetail("StartError: no such file", startError: "no such file"),
                [
                    "Normal Pulled app Container image \"nginx:1.14\" already present on machine and can be accessed by "
                        + "the pod",
                    "Normal Created app Container created", "Warning Failed app Error: no such file",
                ]
            ),
            (
                .commitExit(.make("c1", code: 137, reason: .oomKilled, at: 1), container: "app"), ActionDetail(),
                ["Warning OOMKilling app Memory cgroup out of memory: container app was killed"]
            ),
            (.commitExit(.make("c1", at: 1), container: "app"), ActionDetail(), []),
            (.createSandbox(attempt: 0), ActionDetail("address 10.88.0.7"), []),
            (
                .createSandbox(attempt: 0),
                ActionDetail(warnings: [ActionWarning(reason: "DNSConfigForming", message: "Nameserver limits")]),
                ["Warning DNSConfigForming - Nameserver limits"]
            ),
            (
                pull, ActionDetail(pulled: figures),
                [
                    "Normal Pulled app Successfully pulled image \"nginx:1.14\" in 1.25s (1m1.5s including waiting). "
                        + "Image size: 4711 bytes."
                ]
            ),
            (pull, ActionDetail(), []),
            (
                start, ActionDetail(pulled: figures),
                ["Normal Created app Container created", "Normal Started app Container started"]
            ),
        ])
    func done(action: PodAction, detail: ActionDetail, expected: [String]) {
        #expect(words(events.ended(action, .done(detail), at: time)) == expected)
    }

    @Test(
        "what failed",
        arguments: [
            (
                PodAction.createSandbox(attempt: 0), "FailedCreatePodSandBox",
                ["Warning FailedCreatePodSandBox - Failed to create pod sandbox: why"]
            ),
            (
                start, "ErrImageNeverPull",
                [
                    "Warning ErrImageNeverPull app Container image \"nginx:1.14\" is not present with pull policy of Never",
                    "Warning Failed app Error: ErrImageNeverPull",
                ]
            ),
            (
                pull, "ErrImagePull",
                [
                    "Warning Failed app Failed to pull image \"nginx:1.14\": why",
                    "Warning Failed app Error: ErrImagePull",
                    "Normal BackOff app Back-off pulling image \"nginx:1.14\"",
                    "Warning Failed app Error: ImagePullBackOff",
                ]
            ),
            (
                pull, "ErrImageNeverPull",
                [
                    "Warning ErrImageNeverPull app Container image \"nginx:1.14\" is not present with pull policy of Never",
                    "Warning Failed app Error: ErrImageNeverPull",
                ]
            ),
            (
                start, "InvalidImageName",
                [
                    "Warning InspectFailed app Failed to apply default image tag \"nginx:1.14\": why",
                    "Warning Failed app Error: InvalidImageName",
                ]
            ),
            (
                start, "CreateContainerError",
                [
                    "Normal Pulled app Container image \"nginx:1.14\" already present on machine and can be accessed by "
                        + "the pod",
                    "Warning Failed app Error: why",
                ]
            ),
            (.stopSandbox, "FailedKillPod", ["Warning FailedKillPod - error killing pod: why"]),
            (stop("pod deleted"), "FailedKillContainer", ["Warning FailedKillPod app error killing pod: why"]),
            (.remove, "Failed", ["Warning FailedSync - Error syncing pod: why"]),
        ])
    func failed(action: PodAction, reason: String, expected: [String]) {
        let failure = ActionFailure(reason: reason, message: "why")

        #expect(words(events.ended(action, .failed(failure), at: time)) == expected)
    }

    @Test("an action that was cut short is told of by the next agent")
    func cancelled() {
        #expect(events.ended(start, .cancelled, at: time) == [])
    }

    @Test("a container that is held back is named with its Pod")
    func heldBack() {
        #expect(
            words(events.heldBack("app", at: time)) == [
                "Warning BackOff app Back-off restarting failed container app in pod web_default(u1)"
            ])
    }
}

private let start = PodAction.startContainer(name: "app", attempt: 0, backoff: nil)

private let pull = PodAction.pullImage(image: "nginx:1.14", container: "app")
private let figures = PulledImage(took: .milliseconds(1250), waited: .milliseconds(61_500), size: 4711)

private func stop(_ reason: String) -> PodAction {
    .stopContainer(name: "app", id: ContainerID("c1"), grace: .seconds(30), reason: reason)
}
