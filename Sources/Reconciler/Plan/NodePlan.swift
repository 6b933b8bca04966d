import Manifests
import PodModel

/// What is to happen to the Pods of this node, so that they become what was accepted.
public struct NodePlan: Hashable, Sendable {
    /// One entry for each Pod that was accepted or is observed, in the order of names.
    public let entries: [NodePlanEntry]

    /// Compares what should run with what is there.
    public init(accepted: AcceptedSlice, observed: [ObservedPod]) {
        let byUID = Dictionary(observed.map { ($0.uid, $0) }, uniquingKeysWith: { first, _ in first })
        let byName = Dictionary(grouping: observed) { $0.record.accepted.name }
        let wanted = Set(accepted.pods.map(\.uid))

        var entries = accepted.pods.map { pod in
            NodePlanEntry(
                pod, present: byUID[pod.uid], namesakes: (byName[pod.name] ?? []).filter { $0.uid != pod.uid })
        }
        let replaced = Set(entries.flatMap(\.ending))
        for pod in observed where !wanted.contains(pod.uid) && !replaced.contains(pod.uid) {
            entries.append(NodePlanEntry(unwanted: pod))
        }
        self.entries = entries.sorted { ($0.pod, $0.uid) < ($1.pod, $1.uid) }
    }

    private init(entries: [NodePlanEntry]) { self.entries = entries }

    /// The plan for all Pods but some.
    func leavingOut(_ held: Set<PodUID>) -> NodePlan {
        NodePlan(entries: entries.filter { !held.contains($0.uid) })
    }

    /// The entries that change something now.
    public var changes: [NodePlanEntry] { entries.filter { $0.change.isChange } }

    /// Pods whose records are to be written.
    public var registrations: [AcceptedPod] {
        entries.compactMap { if case .create(let pod) = $0.change { pod } else { nil } }
    }

    /// Pods whose records take over a changed manifest.
    public var updates: [AcceptedPod] {
        entries.compactMap { if case .update(let pod, _) = $0.change { pod } else { nil } }
    }

    /// The Pods whose end lets something begin: those that are wanted and would come back, and those whose name is.
    var waitedFor: Set<PodUID> {
        Set(entries.filter { $0.change.impact != .ends }.flatMap { [$0.uid] + $0.ending })
    }

    /// Pods that are to end, each with its grace, counted from now.
    public func deletions(now: Moment) -> [PodUID: DeletionRecord] {
        entries.reduce(into: [:]) { deletions, entry in
            switch entry.change {
            case .delete(let old): deletions[old.uid] = DeletionRecord(of: old, now: now)
            case .replace(let olds, _): for old in olds { deletions[old.uid] = DeletionRecord(of: old, now: now) }
            case .create, .await, .update, .keep, .ending: break
            }
        }
    }
}

extension DeletionRecord {
    /// A Pod's end, asked for now, with the grace its manifest names.
    public init(of pod: AcceptedPod, now: Moment) {
        let grace = pod.pod.spec.terminationGracePeriodSeconds
        self.init(requestedAt: now.wall, graceSeconds: grace, deadline: now.boot + .seconds(grace))
    }
}
