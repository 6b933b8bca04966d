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
        if pod.sandbox != .ready, case let stops = pod.stops(grace: pod.fullGrace, reason: StopReason.sandboxChanged),
            !stops.isEmpty
        {
            return PodSteps(actions: stops)
        }
        if let phase = finalPhase(standings.map(\.standing)) {
            // The sticky phase is written before the last exit is acknowledged: nothing that ended ever runs again.
            return PodSteps(actions: [.finish(phase)] + settlingActions(pod, now: now))
        }
        var steps = PodSteps(actions: pod.uncommittedStarts() + pod.uncommittedExits(now: now))
        if pod.sandbox != .ready, steps.replaceSandbox(of: pod, now: now) == .later { return steps }
        // What is to be stopped comes last: nothing else waits for its grace.
        var stops: [PodAction] = []
        for (name, standing) in standings {
            switch standing {
            case .start(let attempt, let backoff):
                steps.actions.append(.startContainer(name: name, attempt: attempt, backoff: backoff))
            case .resizable(let id): steps.actions.append(.resizeContainer(name: name, id: id))
            case .outdated(let id):
                stops.append(
                    .stopContainer(
                        name: name, id: id, grace: max(pod.fullGrace, .seconds(2)), reason: StopReason.definitionChanged
                    ))
            case .unhealthy(let id, let failure):
                stops.append(
                    .stopContainer(
                        name: name, id: id, grace: max(failure.gracePeriod ?? pod.fullGrace, .seconds(2)),
                        reason: StopReason.failed(failure.kind)))
            case .held(_, let remaining): steps.wakes.append(now.boot + remaining)
            case .running, .finished: break
            }
        }
        steps.actions += stops
        return steps
    }

    /// The steps of a Pod that reached its final phase.
    static func settling(_ pod: ObservedPod, now: Moment) -> PodSteps {
        PodSteps(actions: settlingActions(pod, now: now))
    }

    private static func settlingActions(_ pod: ObservedPod, now: Moment) -> [PodAction] {
        pod.stops(grace: pod.fullGrace, reason: StopReason.podFinished) + pod.uncommittedExits(now: now)
            + (pod.sandbox == .absent ? [] : [.stopSandbox])
    }

    /// Succeeded or failed once every container ended for good.
    private static func finalPhase(_ standings: [ContainerStanding]) -> PodPhase? {
        var codes: [Int32] = []
        for standing in standings {
            guard case .finished(let exit) = standing else { return nil }
            codes.append(exit.code)
        }
        return codes.allSatisfy { $0 == 0 } ? .succeeded : .failed
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

    /// Stops for every process that lives; the signal always gets two seconds (kubelet).
    func stops(grace: Duration, reason: String) -> [PodAction] {
        record.accepted.pod.spec.containers.compactMap { container in
            guard case .running(let id, _) = containers[container.name] else { return nil }
            return .stopContainer(name: container.name, id: id, grace: max(grace, .seconds(2)), reason: reason)
        }
    }
}
