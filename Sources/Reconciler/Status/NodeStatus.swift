import PodModel

/// The Pods of a node as `get pods` lists them.
public enum NodeStatus {
    /// The status of every Pod that is there, and of those that were accepted and wait for their turn, by name.
    ///
    /// A Pod that waits for its namesake's end is not shown beside it: at any time a name stands for one Pod.
    public static func pods(
        accepted: AcceptedSlice?, observed: [ObservedPod], nodeName: String, now: Moment
    ) -> [PodStatus] {
        let present = Set(observed.map(\.record.accepted.name))
        let awaiting = (accepted?.pods ?? []).filter { !present.contains($0.name) }
        let statuses =
            observed.map { PodStatus($0, nodeName: nodeName, now: now) }
            + awaiting.map { PodStatus(awaiting: $0, nodeName: nodeName, now: now) }
        return statuses.sorted { ($0.accepted.name, $0.accepted.uid) < ($1.accepted.name, $1.accepted.uid) }
    }
}
