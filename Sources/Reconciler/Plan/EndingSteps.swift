import PodModel

extension PodSteps {
    /// The steps of a Pod that was asked to end: containers, then the sandbox, then the rest.
    static func ending(_ pod: ObservedPod, _ deletion: DeletionRecord, now: Moment) -> PodSteps {
        let isSameBoot = pod.record.bootID == now.bootID
        let remaining = isSameBoot ? max(.zero, deletion.deadline - now.boot) : .zero
        let stops = pod.stops(grace: remaining, reason: StopReason.podDeleted)
        if !stops.isEmpty { return PodSteps(actions: stops) }

        let sandbox: [PodAction] = pod.sandbox == .absent ? [] : [.stopSandbox]
        return PodSteps(actions: pod.uncommittedExits(now: now) + sandbox + [.remove])
    }
}
