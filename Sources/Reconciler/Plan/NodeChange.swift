import Manifests
import PodModel

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
    /// Its record takes over a manifest that needs no new Pod; its worker does about the containers what that asks for.
    case update(AcceptedPod, FieldImpact)
    /// Left alone.
    case keep
    /// Ending already.
    case ending

    /// Whether something is to be done now.
    public var isChange: Bool {
        switch self {
        case .create, .replace, .delete, .update: true
        case .await, .keep, .ending: false
        }
    }

    /// Whether it asks Pods to end that were not asked yet.
    var endsPods: Bool {
        switch self {
        case .delete, .replace: true
        case .create, .await, .update, .keep, .ending: false
        }
    }

    /// The change's name in history and summaries.
    public var verb: String {
        switch self {
        case .create: "create"
        case .replace: "replace"
        case .await: "await"
        case .delete: "delete"
        case .update(_, .none): "update"
        case .update(_, .inPlace): "resize"
        case .update: "restart"
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
        case .update(_, .none), .keep: .none
        case .update(_, .inPlace): .resizes
        case .update: .restarts
        }
    }
}

/// What a change does to the running processes of a Pod.
public enum Impact: String, Hashable, Sendable, Codable {
    /// Nothing stops, nothing starts.
    case none
    /// Processes go on with other cpu and memory.
    case resizes
    /// New processes start.
    case starts
    /// Processes of some containers end and start again; the Pod keeps its identity and its address.
    case restarts
    /// Processes end, new ones start.
    case recreates
    /// Processes end.
    case ends
}
