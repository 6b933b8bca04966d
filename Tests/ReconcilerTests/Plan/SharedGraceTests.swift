import Manifests
import PodModel
import Reconciler
import Testing

@Suite("One grace for all containers of a Pod") struct SharedGraceTests {
    /// A Pod of one container and three sidecars.
    private func observe(
        _ running: [String], sandbox: ObservedSandbox = .ready, change: (inout PodRecord) -> Void = { _ in }
    ) -> ObservedPod {
        var pod = Pod.make("a", ["main"], policy: .never)
        pod.spec.initContainers = (1...3).map { number in
            var container = Container(name: "side\(number)", image: "nginx:1.14")
            container.restartPolicy = .always
            return container
        }
        let made = SandboxRecord(id: SandboxID("s"), attempt: 0, createdAt: moment(0).wall)
        var record = PodRecord(accepted: .make(pod), bootID: firstBoot, startTime: moment(0).wall, sandbox: made)
        for name in pod.spec.allContainers.map(\.name) {
            let exit = running.contains(name) ? nil : ContainerExit.make(name, code: 0, at: 4)
            record.containers[name] = ContainerRecord(
                id: ContainerID(name), startedAt: moment(1).wall, lastExit: exit, sandbox: made.id)
        }
        change(&record)
        let lives = running.map { ($0, ObservedContainer.running(id: ContainerID($0), since: moment(1).wall)) }
        return ObservedPod(record: record, sandbox: sandbox, containers: Dictionary(uniqueKeysWithValues: lives))
    }

    /// What is done about a Pod, `main 30` for a stop with 30 seconds.
    private func steps(_ pod: ObservedPod, at seconds: Double) -> [String] {
        PodPlan(pod, now: moment(seconds)).actions.map { action in
            switch action {
            case .stopContainer(let name, _, let grace, _): "\(name) \(grace.components.seconds)"
            case .beginStop(let deadline, _): "until \((deadline - moment(0).boot).components.seconds)"
            default: action.verb
            }
        }
    }

    @Test("a finished Pod's sidecars end in turn within it, and all that are left at its end")
    func finished() {
        #expect(steps(observe(["side1", "side2", "side3"]), at: 5) == ["finish", "side3 30"])

        func settling(_ running: [String], at seconds: Double) -> [String] {
            steps(observe(running) { $0.end(in: .succeeded, at: moment(5).boot) }, at: seconds)
        }
        #expect(settling(["side1", "side2", "side3"], at: 5) == ["side3 30"])
        #expect(settling(["side1", "side2"], at: 25) == ["side2 10"])
        #expect(settling(["side1", "side2"], at: 35) == ["side1 2", "side2 2"])
    }

    @Test("a Pod that was active for too long gets it once, its container included")
    func failed() {
        let reason = WaitingReason(reason: "DeadlineExceeded", message: "too long")
        func settling(_ running: [String], at seconds: Double) -> [String] {
            steps(observe(running) { $0.end(in: .failed, because: reason, at: moment(5).boot) }, at: seconds)
        }
        #expect(settling(["side1", "main"], at: 5) == ["main 30"])
        #expect(settling(["side1", "side2", "side3"], at: 35) == ["side1 2", "side2 2", "side3 2"])
    }

    @Test("what outlived its sandbox gets it once, counted from the first look")
    func sandboxChanged() {
        let running = ["side1", "side2", "main"]
        #expect(steps(observe(running, sandbox: .dead), at: 5) == ["until 35", "main 30"])

        func stopping(_ running: [String], at seconds: Double) -> [String] {
            let pod = observe(running, sandbox: .dead) { $0.beginStop(until: moment(35).boot, restarting: []) }
            return steps(pod, at: seconds)
        }
        #expect(stopping(["side1", "side2", "main"], at: 25) == ["main 10"])
        #expect(stopping(["side1", "side2", "main"], at: 36) == ["side1 2", "side2 2", "main 2"])
    }

    @Test("an end that is written down twice changes nothing about it")
    func twice() {
        var record = observe(["main"]).record
        record.end(in: .succeeded, at: moment(5).boot)
        record.end(in: .failed, at: moment(20).boot)

        #expect(record.finalPhase == .succeeded)
        #expect(record.stopDeadline == moment(35).boot)
    }
}
