import PodModel

extension PodSteps {
    /// The steps of a Pod that was asked to end: containers, then the sandbox, then the rest. A grace of zero is none
    /// (Kubernetes: "stop immediately via the kill signal"): the end of the sandbox kills all containers at once.
    static func ending(_ pod: ObservedPod, _ deletion: DeletionRecord, now: Moment) -> PodSteps {
        let clearing = PodSteps(
            actions: pod.uncommittedExits(now: now) + (pod.sandbox == .absent ? [] : [.stopSandbox]) + [.remove])
        if deletion.graceSeconds == 0 { return clearing }
        let isSameBoot = pod.record.bootID == now.bootID
        let remaining = isSameBoot ? max(.zero, deletion.deadline - now.boot) : .zero
        let stops = pod.stops(grace: remaining, reason: StopReason.podDeleted)
        return stops.isEmpty ? clearing : PodSteps(actions: stops)
    }
}
