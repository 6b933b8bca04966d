/// A taint of nodes that a Pod puts up with (core/v1 Toleration).
public struct Toleration: Sendable, Hashable {
    /// The taint's key; nil for every key, with `exists`.
    public var key: String?
    /// How the taint's value is compared.
    public var `operator`: TolerationOperator
    /// The taint's value, for `equal`.
    public var value: String
    /// The taint's effect; nil for every effect.
    public var effect: TaintEffect?

    /// A toleration with Kubernetes' defaults.
    public init(
        key: String? = nil, operator: TolerationOperator = .equal, value: String = "", effect: TaintEffect? = nil
    ) {
        self.key = key
        self.operator = `operator`
        self.value = value
        self.effect = effect
    }
}

/// How a toleration compares a taint's value.
public enum TolerationOperator: String, Sendable, Hashable, CaseIterable {
    /// It is the same.
    case equal = "Equal"
    /// Whatever it is.
    case exists = "Exists"
}

/// What a taint does to Pods that do not tolerate it.
public enum TaintEffect: String, Sendable, Hashable, Codable, CaseIterable {
    /// They are not given to the node.
    case noSchedule = "NoSchedule"
    /// They are given to other nodes, if there are any.
    case preferNoSchedule = "PreferNoSchedule"
    /// They are not given to the node, and those that run there end.
    case noExecute = "NoExecute"
}
