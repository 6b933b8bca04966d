/// Where a Pod may run, beyond `nodeSelector` (core/v1 Affinity).
public struct Affinity: Sendable, Hashable {
    /// The nodes it may run on; nil for any.
    public var nodeAffinity: NodeAffinity?

    /// An affinity.
    public init(nodeAffinity: NodeAffinity? = nil) { self.nodeAffinity = nodeAffinity }
}

/// Demands on the node (core/v1 NodeAffinity).
public struct NodeAffinity: Sendable, Hashable {
    /// What a node must fulfil when the Pod is given to it (`requiredDuringSchedulingIgnoredDuringExecution`).
    public var required: NodeSelector?

    /// An affinity for nodes.
    public init(required: NodeSelector? = nil) { self.required = required }
}

/// Terms of which a node must fulfil at least one (core/v1 NodeSelector).
public struct NodeSelector: Sendable, Hashable {
    /// The terms; at least one.
    public var nodeSelectorTerms: [NodeSelectorTerm]

    /// A selector.
    public init(nodeSelectorTerms: [NodeSelectorTerm]) { self.nodeSelectorTerms = nodeSelectorTerms }
}

/// Requirements of which a node must fulfil every one; a term without any fits no node (core/v1 NodeSelectorTerm).
public struct NodeSelectorTerm: Sendable, Hashable {
    /// Requirements on the node's labels.
    public var matchExpressions: [NodeSelectorRequirement]
    /// Requirements on the node's fields; the only key is `metadata.name`, with `in` or `notIn` and one value.
    public var matchFields: [NodeSelectorRequirement]

    /// A term.
    public init(matchExpressions: [NodeSelectorRequirement] = [], matchFields: [NodeSelectorRequirement] = []) {
        self.matchExpressions = matchExpressions
        self.matchFields = matchFields
    }
}

/// One requirement on a label or a field of a node (core/v1 NodeSelectorRequirement).
public struct NodeSelectorRequirement: Sendable, Hashable {
    /// The label's key, or the field's path.
    public var key: String
    /// How the value found there relates to `values`.
    public var `operator`: NodeSelectorOperator
    /// At least one for `in` and `notIn`, none for `exists` and `doesNotExist`, one whole number for `gt` and `lt`.
    public var values: [String]

    /// A requirement.
    public init(key: String, operator: NodeSelectorOperator, values: [String] = []) {
        self.key = key
        self.operator = `operator`
        self.values = values
    }
}

/// How a node's value relates to those of a requirement.
public enum NodeSelectorOperator: String, Sendable, Hashable, CaseIterable {
    /// It is one of them.
    case `in` = "In"
    /// It is none of them, or there is none.
    case notIn = "NotIn"
    /// There is one.
    case exists = "Exists"
    /// There is none.
    case doesNotExist = "DoesNotExist"
    /// It is a whole number greater than the one given.
    case gt = "Gt"
    /// It is a whole number less than the one given.
    case lt = "Lt"
}
