import Manifests

/// The stop of all containers of a Pod.
extension PodRecord {
    /// Notes the phase that the Pod ends in, unless it has ended before. What runs of it is to be stopped then, within one
    /// grace from now on.
    public mutating func end(in phase: PodPhase, because reason: WaitingReason? = nil, at now: BootTime) {
        guard finalPhase == nil else { return }
        finalPhase = phase
        finalReason = reason
        stopDeadline = stopDeadline ?? now + .seconds(accepted.pod.spec.terminationGracePeriodSeconds)
    }

    /// Notes that the stop of a Pod begins that is to go on later, before anybody is asked to stop.
    ///
    /// - Parameters:
    ///   - deadline: when the grace is over that they share.
    ///   - instances: those that start again however they end.
    public mutating func beginStop(until deadline: BootTime, restarting instances: [ContainerID]) {
        stopDeadline = deadline
        let known = Set(containers.values.compactMap(\.id))
        let marked = known.intersection((interrupted ?? []) + instances).sorted()
        interrupted = marked.isEmpty ? nil : marked
    }

    /// Notes that the Pod goes on in its sandbox, because the agent that shut the node down did not come to the end of it.
    ///
    /// - Parameter unasked: the instances that nobody has asked to stop: how they end is their own doing.
    public mutating func takeBackStop(sparing unasked: Set<ContainerID>) {
        guard deletion == nil, finalPhase == nil else { return }
        stopDeadline = nil
        let marked = interrupted?.filter { !unasked.contains($0) } ?? []
        interrupted = marked.isEmpty ? nil : marked
    }

    /// Whether an instance was stopped only because the node was shut down.
    public func wasInterrupted(_ id: ContainerID) -> Bool { interrupted?.contains(id) ?? false }
}
