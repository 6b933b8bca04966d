import Manifests
import PodModel

/// Where one container of a Pod stands, and what its restart policy makes of it.
enum ContainerStanding: Hashable {
    /// Its process lives.
    case running(ContainerID)
    /// Its process lives, with other cpu and memory than the manifest says now.
    case resizable(ContainerID)
    /// Its process lives, and was started from what the manifest does not say any more.
    case outdated(ContainerID)
    /// Its process lives, and the tag of its image leads to another image now, which is on the node.
    case moved(ContainerID)
    /// Its process lives, and a probe says that it must be stopped.
    case unhealthy(ContainerID, ProbeFailure)
    /// Its process lives, and its `postStart` hook failed.
    case unhooked(ContainerID)
    /// It is to be started now.
    case start(attempt: Int, backoff: Backoff?)
    /// It is to be started after a delay.
    case held(attempt: Int, remaining: Duration)
    /// It ended and stays so.
    case finished(ContainerExit)

    init(_ name: String, of pod: ObservedPod, now: Moment) {
        if case .running(let id, _) = pod.containers[name] {
            self.init(running: id, as: name, of: pod)
            return
        }
        let record = pod.record.containers[name]
        guard let exit = pod.exit(of: name, now: now) else {
            // kubelet: created but never started counts as "start again"
            self = .start(attempt: record?.attempt ?? 0, backoff: record?.backoff)
            return
        }
        let attempt = (record?.attempt ?? 0) + 1
        if pod.record.isRedefined(name) {
            // kubelet: a changed container starts whatever the policy, and is not to blame for how the old one ended
            self = .start(attempt: attempt, backoff: nil)
            return
        }
        guard pod.record.restarts(name, after: exit) else {
            self = .finished(exit)
            return
        }
        if pod.record.wasInterrupted(exit.id) {
            // As after the machine was restarted: the container is not to blame.
            self = .start(attempt: attempt, backoff: record?.backoff)
            return
        }
        if pod.record.isForgiven(name) || pod.hasMoved(name) {
            // kubelet: the back-off is counted for an image and resources; with others it begins anew
            self = .start(attempt: attempt, backoff: nil)
            return
        }
        let backoff = CrashBackoff(after: exit, current: record?.backoff, now: now)
        self =
            backoff.remaining > .zero
            ? .held(attempt: attempt, remaining: backoff.remaining) : .start(attempt: attempt, backoff: backoff.next)
    }

    /// kubelet: a changed definition counts before what probes say
    private init(running id: ContainerID, as name: String, of pod: ObservedPod) {
        if pod.record.containers[name]?.postStart == .failed(id) {
            self = .unhooked(id)
            return
        }
        let failure = pod.record.probes(of: name, id)?.verdict.failure
        switch pod.record.pendingImpact(on: name) {
        case .restartContainer, .recreate: self = .outdated(id)
        case _ where pod.hasMoved(name): self = .moved(id)
        case _ where failure != nil: self = failure.map { .unhealthy(id, $0) } ?? .running(id)
        case .inPlace: self = .resizable(id)
        case .some(.none), nil: self = .running(id)
        }
    }
}

extension PodRecord {
    /// Whether a container starts again that ended like this: a restart rule about its code decides, else its policy. One
    /// that was stopped because of a probe counts as failed, and one that was stopped with the node has not ended.
    func restarts(_ container: String, after exit: ContainerExit) -> Bool {
        if deletion != nil || finalPhase != nil { return false }
        if wasInterrupted(exit.id) { return true }
        let spec = accepted.pod.spec
        if let container = spec.container(container), spec.hasRestartRule(for: container, endingWith: Int(exit.code)) {
            return true
        }
        return switch spec.container(container).map(spec.restartPolicy) ?? spec.restartPolicy {
        case .always: true
        case .onFailure: exit.code != 0 || probes(of: container, exit.id)?.verdict.failure != nil
        case .never: false
        }
    }

    /// What the probes of an instance say; nil as long as they say nothing else than at its start.
    func probes(of container: String, _ id: ContainerID) -> ProbeStanding? {
        containers[container]?.probes.flatMap { $0.record.id == id ? $0 : nil }
    }
}

extension PodRecord {
    /// Whether a container is to start from another definition than its newest instance did.
    func isRedefined(_ container: String) -> Bool {
        deletion == nil && finalPhase == nil && (pendingImpact(on: container) ?? .none) >= .restartContainer
    }

    /// Whether a container that crashed is to be tried with other resources.
    func isForgiven(_ container: String) -> Bool { (pendingImpact(on: container) ?? .none) >= .inPlace }
}

extension ObservedPod {
    /// Whether a container is to be started from the image that its tag leads to now. One that would not be started again
    /// once it ended is left to its end.
    func hasMoved(_ container: String) -> Bool {
        let spec = record.accepted.pod.spec
        return movedImages[container] != nil && record.accepted.followsTags
            && spec.container(container).map(spec.restartPolicy) == .always
    }

    /// How a container's newest instance ended; nil while it runs or was never started.
    ///
    /// An instance that ran, and that neither lives nor left an exit, ended unknown: code 137, one restart more.
    func exit(of container: String, now: Moment) -> ContainerExit? {
        switch containers[container] {
        case .running: return nil
        case .exited(let exit): return exit
        case nil: break
        }
        guard let record = record.containers[container], let id = record.id else { return nil }
        if let exit = record.lastExit { return exit }
        guard let startedAt = record.startedAt else { return nil }
        let died = self.record.bootID != now.bootID ? "the machine was restarted" : "its supervisor was lost"
        return ContainerExit(
            id: id, code: 137, reason: .containerStatusUnknown,
            message: "The container could not be located: \(died) while it ran", startedAt: startedAt,
            finishedAt: now.wall, finishedBoot: now.boot, bootID: self.record.bootID)
    }

    /// The starts that are not written into the record, of instances that live, in the order of the manifest.
    func uncommittedStarts() -> [PodAction] {
        record.accepted.pod.spec.allContainers.compactMap { container in
            guard case .running(let id, let since) = containers[container.name],
                let record = record.containers[container.name], record.id == id, record.startedAt == nil
            else { return nil }
            return .commitStart(id: id, since: since, container: container.name)
        }
    }

    /// The ends that are not written into the record yet, in the order of the manifest.
    func uncommittedExits(now: Moment) -> [PodAction] {
        record.accepted.pod.spec.allContainers.compactMap { container in
            guard let exit = exit(of: container.name, now: now) else { return nil }
            let committed = record.containers[container.name]?.lastExit
            return committed?.id == exit.id ? nil : .commitExit(exit, container: container.name)
        }
    }
}
