import Manifests
import PodModel

extension PodSteps {
    /// A sandbox that was replaced before is not replaced again sooner than this after its birth.
    static let sandboxHoldOff = Duration.seconds(10)

    /// The steps of a Pod that should run.
    static func running(_ pod: ObservedPod, now: Moment) -> PodSteps {
        let standings = pod.record.accepted.pod.spec.containers.map { container in
            (name: container.name, standing: ContainerStanding(container.name, of: pod, now: now))
        }
        if pod.sandbox != .ready, case let stops = pod.stopsForNewSandbox(now: now), !stops.isEmpty {
            return PodSteps(actions: stops)
        }
        let initial = InitProgress(of: pod, now: now)
        let ending = ending(initial, standings.map(\.standing))
        // Who had ended before its time was over has not failed, though nobody was there to write that down.
        if let deadline = pod.deadline, deadline <= now.wall, ending.map({ $0.at >= deadline }) ?? true {
            let fail = PodAction.fail(reason: ActiveDeadline.reason, message: ActiveDeadline.message)
            return PodSteps(actions: [fail] + settlingActions(pod, now: now))
        }
        if let phase = ending?.phase {
            // The sticky phase is written before the last exit is acknowledged: nothing that ended ever runs again.
            return PodSteps(actions: [.finish(phase)] + settlingActions(pod, now: now))
        }
        var steps = PodSteps(actions: pod.uncommittedStarts() + pod.uncommittedExits(now: now))
        if let deadline = pod.deadline { steps.wakes.append(now.boot + (deadline - now.wall)) }
        if pod.sandbox != .ready, steps.replaceSandbox(of: pod, now: now) == .later { return steps }
        if pod.sandbox != .ready ? !pod.record.accepted.pod.spec.volumes.isEmpty : !pod.record.hasVolumes {
            steps.actions.append(.mountVolumes)
        } else if pod.record.hasOutdatedVolumes {
            steps.actions.append(.updateVolumes)
        }
        // What is to be stopped comes last: nothing else waits for its grace.
        var stops: [PodAction] = []
        for step in initial.steps { steps.take(step.standing, of: step.name, in: pod, &stops, now: now) }
        if initial.isDone {
            for (name, standing) in standings { steps.take(standing, of: name, in: pod, &stops, now: now) }
        }
        steps.actions += stops
        return steps
    }

    /// Takes in what one container needs.
    private mutating func take(
        _ standing: ContainerStanding, of name: String, in pod: ObservedPod, _ stops: inout [PodAction], now: Moment
    ) {
        func stop(_ id: ContainerID, _ grace: Duration, _ reason: String) -> PodAction {
            .stopContainer(name: name, id: id, grace: max(grace, .seconds(2)), reason: reason)
        }
        switch standing {
        case .start(let attempt, let backoff):
            actions.append(.startContainer(name: name, attempt: attempt, backoff: backoff))
            if pod.record.accepted.pod.spec.container(name)?.lifecycle?.postStart != nil {
                actions.append(.runPostStart(name: name, attempt: attempt))
            }
        case .resizable(let id): actions.append(.resizeContainer(name: name, id: id))
        case .outdated(let id): stops.append(stop(id, pod.fullGrace, StopReason.definitionChanged))
        case .moved(let id): stops.append(stop(id, pod.fullGrace, StopReason.imageMoved))
        case .unhealthy(let id, let failure):
            stops.append(stop(id, failure.gracePeriod ?? pod.fullGrace, StopReason.failed(failure.kind)))
        case .unhooked(let id): stops.append(stop(id, pod.fullGrace, StopReason.postStartFailed))
        case .held(_, let remaining): wakes.append(now.boot + remaining)
        case .running(let id): if let hook = pod.pendingPostStart(of: name, id) { actions.append(hook) }
        case .finished: break
        }
    }

    /// The steps of a Pod that reached its final phase.
    static func settling(_ pod: ObservedPod, now: Moment) -> PodSteps {
        PodSteps(actions: settlingActions(pod, now: now))
    }

    private static func settlingActions(_ pod: ObservedPod, now: Moment) -> [PodAction] {
        let isEvicted = pod.record.finalReason?.reason == Eviction.reason
        let stops =
            isEvicted
            ? pod.stops(grace: Eviction.grace, atLeast: Eviction.grace, reason: StopReason.podFinished)
            : pod.stops(grace: pod.sharedGrace(now: now), reason: StopReason.podFinished)
        // Sidecars end one after the other; the sandbox goes when none is left.
        let isRest = stops.isEmpty && pod.sandbox != .absent
        return stops + pod.uncommittedExits(now: now) + (isRest ? [.stopSandbox] : [])
    }

    /// Succeeded or failed once every container ended for good, or an init container in vain; and when that was.
    private static func ending(
        _ initial: InitProgress, _ standings: [ContainerStanding]
    ) -> (phase: PodPhase, at: WallTime)? {
        if let failure = initial.failure { return (.failed, failure.finishedAt) }
        var exits: [ContainerExit] = []
        for standing in standings {
            guard case .finished(let exit) = standing else { return nil }
            exits.append(exit)
        }
        guard let last = exits.map(\.finishedAt).max() else { return nil }
        return (exits.allSatisfy { $0.code == 0 } ? .succeeded : .failed, last)
    }

    private enum Replacement { case now, later }

    /// Clears a dead sandbox and makes a new one, with the next attempt's number. The Pod keeps its UID.
    private mutating func replaceSandbox(of pod: ObservedPod, now: Moment) -> Replacement {
        if pod.sandbox == .dead { actions.append(.stopSandbox) }
        guard let last = pod.record.sandbox else {
            actions.append(.createSandbox(attempt: 0))
            return .now
        }
        let age = now.wall - last.createdAt
        if last.attempt > 0, pod.record.bootID == now.bootID, age >= .zero, age < Self.sandboxHoldOff {
            wakes.append(now.boot + (Self.sandboxHoldOff - age))
            return .later
        }
        actions.append(.createSandbox(attempt: last.attempt + 1))
        return .now
    }
}

extension ObservedPod {
    /// What the manifest grants between stop signal and kill.
    var fullGrace: Duration { .seconds(record.accepted.pod.spec.terminationGracePeriodSeconds) }

    /// What is left of the grace that all containers share; all of it as long as nobody has written down when it is over.
    func sharedGrace(now: Moment) -> Duration {
        record.stopDeadline.map { max(.zero, $0 - now.boot) } ?? fullGrace
    }

    /// Stops for what outlived its sandbox; first that is written down, since several looks are one stop.
    func stopsForNewSandbox(now: Moment) -> [PodAction] {
        let stops = stops(grace: sharedGrace(now: now), reason: StopReason.sandboxChanged)
        if stops.isEmpty || record.stopDeadline != nil { return stops }
        return [.beginStop(deadline: now.boot + fullGrace, restarting: [])] + stops
    }

    /// Stops for the processes whose turn it is: first everything but the sidecars, then these from the last to the
    /// first. When the grace is over nobody waits for anybody. The signal always gets two seconds (kubelet), unless the Pod
    /// is evicted.
    func stops(grace: Duration, atLeast least: Duration = .seconds(2), reason: String) -> [PodAction] {
        let spec = record.accepted.pod.spec
        let sidecars = spec.initContainers.filter(\.isSidecar).map(\.name)
        let running = spec.allContainers.map(\.name).filter {
            if case .running = containers[$0] { true } else { false }
        }
        let first = running.filter { !sidecars.contains($0) }
        let next = grace > .zero ? (first.isEmpty ? Array(running.suffix(1)) : first) : running
        return next.compactMap { name in
            guard case .running(let id, _) = containers[name] else { return nil }
            return .stopContainer(name: name, id: id, grace: max(grace, least), reason: reason)
        }
    }
}
