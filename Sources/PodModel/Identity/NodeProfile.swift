/// What Pods can ask of the node they run on.
public struct NodeProfile: Hashable, Sendable, Codable {
    /// The node's name.
    public let name: String
    /// What `nodeSelector` and node affinity select by.
    public let labels: [String: String]
    /// What keeps Pods away that do not tolerate it.
    public let taints: [Taint]

    /// Puts a profile together.
    public init(name: String, labels: [String: String] = [:], taints: [Taint] = []) {
        self.name = name
        self.labels = labels
        self.taints = taints
    }
}

/// What keeps Pods away from a node that do not tolerate it (core/v1 Taint).
public struct Taint: Hashable, Sendable, Codable {
    /// What becomes of a Pod that does not tolerate the taint.
    public enum Effect: String, Hashable, Sendable, Codable, CaseIterable {
        /// It is not taken; one that runs here already goes on.
        case noSchedule = "NoSchedule"
        /// It would rather be taken by another node. Nobody else can be asked: it is taken.
        case preferNoSchedule = "PreferNoSchedule"
        /// It is not taken, and ended if it runs here.
        case noExecute = "NoExecute"
    }

    /// A label's key.
    public let key: String
    /// A label's value; may be empty.
    public let value: String
    /// What becomes of a Pod that does not tolerate it.
    public let effect: Effect

    /// Puts a taint together.
    public init(key: String, value: String = "", effect: Effect) {
        self.key = key
        self.value = value
        self.effect = effect
    }
}
