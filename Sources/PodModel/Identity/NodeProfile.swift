import Manifests

/// What Pods can ask of the node they run on.
public struct NodeProfile: Hashable, Sendable {
    /// The node's name.
    public let name: String
    /// What `nodeSelector` and node affinity select by.
    public let labels: [String: String]
    /// What keeps Pods away that do not tolerate it.
    public let taints: [Taint]
    /// What Pods may ask of it beyond what every Pod may.
    public let policy: NodePolicy
    /// What Pods together may request of it; nil for no bound.
    public var allocatable: NodeAllocatable?

    /// Puts a profile together; without a policy, Pods may ask for nothing special.
    public init(
        name: String, labels: [String: String] = [:], taints: [Taint] = [], policy: NodePolicy = NodePolicy(),
        allocatable: NodeAllocatable? = nil
    ) {
        self.name = name
        self.labels = labels
        self.taints = taints
        self.policy = policy
        self.allocatable = allocatable
    }
}

/// What keeps Pods away from a node that do not tolerate it (core/v1 Taint).
public struct Taint: Hashable, Sendable, Codable, CustomStringConvertible {
    /// A label's key.
    public let key: String
    /// A label's value; may be empty.
    public let value: String
    /// What becomes of a Pod that does not tolerate it.
    public let effect: TaintEffect

    /// Puts a taint together.
    public init(key: String, value: String = "", effect: TaintEffect) {
        self.key = key
        self.value = value
        self.effect = effect
    }

    /// As it is written: `key=value:NoSchedule`, `key:NoExecute`.
    public var description: String { "\(key)\(value.isEmpty ? "" : "=\(value)"):\(effect.rawValue)" }
}
