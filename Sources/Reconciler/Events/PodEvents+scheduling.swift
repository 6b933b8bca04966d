import PodModel

extension PodEvents {
    /// The node has no room for the Pod, or for what its manifest asks for now (kube-scheduler, kubelet).
    public func held(_ hold: PodHold, at time: WallTime) -> [PodEvent] {
        switch hold.reason {
        case .unschedulable: [event(.warning, "FailedScheduling", hold.message, at: time)]
        case .gated: []
        case .deferred, .infeasible:
            [
                event(
                    .warning, "Resize\(hold.reason.rawValue)", "Pod resize \(hold.reason.rawValue): \(hold.message)",
                    at: time)
            ]
        }
    }
}

extension [NodePlanEntry] {
    /// What is told once these are carried out: which Pods the node took on, and what waits for it.
    ///
    /// - Parameter holds: of those for which that changes (`Admission.changedHolds`).
    func schedulingEvents(
        _ holds: [PodUID: PodHold?], _ observed: [ObservedPod], on node: String, at time: WallTime
    ) -> [PodEvent] {
        let records = Dictionary(observed.map { ($0.uid, $0.record) }, uniquingKeysWith: { first, _ in first })
        return flatMap { entry -> [PodEvent] in
            let created: AcceptedPod? = if case .create(let pod) = entry.change { pod } else { nil }
            guard let pod = created ?? records[entry.uid]?.accepted else { return [] }
            let events = PodEvents(of: pod)
            let isTaken: Bool
            switch holds[entry.uid] {
            case .some(.some(let hold)): return events.held(hold, at: time)
            case .some(.none): isTaken = records[entry.uid]?.isUnscheduled == true
            case .none: isTaken = created != nil
            }
            return isTaken ? events.scheduled(to: node, at: time) : []
        }
    }
}
