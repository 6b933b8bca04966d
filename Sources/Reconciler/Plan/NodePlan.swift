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

    /// Pods whose records take over new metadata.
    public var updates: [AcceptedPod] {
        entries.compactMap { if case .updateMetadata(let pod) = $0.change { pod } else { nil } }
    }

    /// Pods that are to end, each with its grace, counted from now.
    public func deletions(now: Moment) -> [PodUID: DeletionRecord] {
        entries.reduce(into: [:]) { deletions, entry in
            switch entry.change {
            case .delete(let old): deletions[old.uid] = DeletionRecord(of: old, now: now)
            case .replace(let olds, _): for old in olds { deletions[old.uid] = DeletionRecord(of: old, now: now) }
            case .create, .await, .updateMetadata, .keep, .ending: break
            }
        }
    }
}

/// What is to happen to one Pod, and why.
public struct NodePlanEntry: Hashable, Sendable {
    /// The Pod's name.
    public let pod: PodName
    /// The Pod's identity; of a replacement, the new one.
    public let uid: PodUID
    /// What is to happen.
    public let change: NodeChange
    /// Why, in a few words.
    public let reason: String

    init(_ pod: AcceptedPod, present: ObservedPod?, namesakes: [ObservedPod]) {
        self.pod = pod.name
        uid = pod.uid
        let living = namesakes.map(\.record).filter { $0.deletion == nil }
        if let present {
            (change, reason) = Self.decide(about: pod, present: present.record)
        } else if let old = living.first {
            change = .replace(living.map(\.accepted), by: pod)
            reason = FieldChanges.sentence(from: old.accepted.written, to: pod.written)
        } else if !namesakes.isEmpty {
            change = .await(namesakes.map(\.uid), pod)
            reason = "the Pod of the same name is still ending"
        } else {
            change = .create(pod)
            reason = "defined in \(pod.file)"
        }
    }

    init(unwanted pod: ObservedPod) {
        self.pod = pod.record.accepted.name
        uid = pod.uid
        if pod.record.deletion == nil {
            change = .delete(pod.record.accepted)
            reason = "no longer defined"
        } else {
            change = .ending
            reason = "was asked to end"
        }
    }

    private static func decide(about pod: AcceptedPod, present record: PodRecord) -> (NodeChange, String) {
        let (old, new) = (record.accepted.pod.metadata, pod.pod.metadata)
        if record.deletion != nil { return (.await([record.uid], pod), "was asked to end, and will start again") }
        if old.labels != new.labels || old.annotations != new.annotations {
            return (.updateMetadata(pod), FieldChanges.sentence(from: record.accepted.written, to: pod.written))
        }
        return (.keep, "unchanged")
    }

    /// The Pods whose end this entry is about.
    fileprivate var ending: [PodUID] {
        switch change {
        case .replace(let olds, _): olds.map(\.uid)
        case .await(let olds, _): olds
        case .create, .delete, .updateMetadata, .keep, .ending: []
        }
    }
}

/// What can happen to a Pod of this node.
public enum NodeChange: Hashable, Sendable {
    /// Written down and started.
    case create(AcceptedPod)
    /// The Pods that bear its name are ended; it is created once they are gone (kubelet: never two of one name).
    case replace([AcceptedPod], by: AcceptedPod)
    /// Created once these Pods, which bear its name and are ending already, are gone.
    case await([PodUID], AcceptedPod)
    /// Ended and removed.
    case delete(AcceptedPod)
    /// Its record takes over labels and annotations.
    case updateMetadata(AcceptedPod)
    /// Left alone.
    case keep
    /// Ending already.
    case ending

    /// Whether something is to be done now.
    public var isChange: Bool {
        switch self {
        case .create, .replace, .delete, .updateMetadata: true
        case .await, .keep, .ending: false
        }
    }

    /// Whether it asks Pods to end that were not asked yet.
    var endsPods: Bool {
        switch self {
        case .delete, .replace: true
        case .create, .await, .updateMetadata, .keep, .ending: false
        }
    }

    /// The change's name in history and summaries.
    public var verb: String {
        switch self {
        case .create: "create"
        case .replace: "replace"
        case .await: "await"
        case .delete: "delete"
        case .updateMetadata: "update metadata"
        case .keep: "keep"
        case .ending: "ending"
        }
    }

    /// What it does to running processes.
    public var impact: Impact {
        switch self {
        case .create: .starts
        case .replace, .await: .recreates
        case .delete, .ending: .ends
        case .updateMetadata, .keep: .none
        }
    }
}

/// What a change does to the running processes of a Pod.
public enum Impact: String, Hashable, Sendable, Codable {
    /// Nothing stops, nothing starts.
    case none
    /// New processes start.
    case starts
    /// Processes end, new ones start.
    case recreates
    /// Processes end.
    case ends
}

extension DeletionRecord {
    /// A Pod's end, asked for now, with the grace its manifest names.
    public init(of pod: AcceptedPod, now: Moment) {
        let grace = pod.pod.spec.terminationGracePeriodSeconds
        self.init(requestedAt: now.wall, graceSeconds: grace, deadline: now.boot + .seconds(grace))
    }
}
