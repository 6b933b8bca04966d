/// Why a Pod, or a change of it, waits for the node.
///
/// Decided anew with every plan; kept in the record so that whoever looks at a Pod sees it, also without an agent.
public struct PodHold: Hashable, Sendable, Codable {
    /// What waits, in Kubernetes' words.
    public enum Reason: String, Hashable, Sendable, Codable {
        /// The Pod: the node has no room for it.
        case unschedulable = "Unschedulable"
        /// The Pod: its manifest says that it is to wait.
        case gated = "SchedulingGated"
        /// A change of a Pod that runs: the node has no room for it as long as others run.
        case deferred = "Deferred"
        /// A change of a Pod that runs: the node is too small for it.
        case infeasible = "Infeasible"
    }

    /// What waits.
    public let reason: Reason
    /// A sentence for the user.
    public let message: String
    /// Since when, for that reason.
    public let since: WallTime

    /// Puts a hold together.
    public init(reason: Reason, message: String, since: WallTime) {
        self.reason = reason
        self.message = message
        self.since = since
    }

    /// Whether nothing is made for the Pod at all, not even a sandbox.
    public var keepsFromStarting: Bool { reason == .unschedulable || reason == .gated }
}

extension PodRecord {
    /// Whether the node has not taken the Pod: nothing is made for it.
    public var isUnscheduled: Bool { hold?.keepsFromStarting ?? false }
}
