import PodModel

extension PodPlan {
    /// The steps that end what runs of a Pod and keep the Pod: its containers with their grace, sidecars last, then its
    /// sandbox. Empty once nothing is left.
    static func draining(_ pod: ObservedPod, now: Moment) -> [PodAction] {
        let grace = pod.record.deletion.map { max(.zero, $0.deadline - now.boot) } ?? pod.fullGrace
        let stops = pod.stops(grace: grace, reason: StopReason.nodeShutdown)
        if !stops.isEmpty { return stops }
        return pod.uncommittedExits(now: now) + (pod.sandbox == .absent ? [] : [.stopSandbox])
    }
}
