// The tables of what decides whether a node runs a Pod.

extension Affinity {
    static let schema = ObjectSchema(
        "Affinity", blank: { Affinity() },
        [
            .optional("nodeAffinity", \.nodeAffinity, NodeAffinity.schema.shape),
            .noticed("podAffinity", because: "an agent knows the Pods of its own node only"),
            .noticed("podAntiAffinity", because: "an agent knows the Pods of its own node only"),
        ])
}

extension NodeAffinity {
    static let schema = ObjectSchema(
        "NodeAffinity", blank: { NodeAffinity() },
        [
            .optional(
                "requiredDuringSchedulingIgnoredDuringExecution", \.required, NodeSelector.schema.shape),
            .noticed(
                "preferredDuringSchedulingIgnoredDuringExecution",
                because: "a Pod runs on every node that it allows, there is none to prefer"),
        ])
}

extension NodeSelector {
    static let schema = ObjectSchema(
        "NodeSelector", blank: { NodeSelector(nodeSelectorTerms: []) },
        [.field("nodeSelectorTerms", \.nodeSelectorTerms, .list(of: NodeSelectorTerm.schema.shape), required: true)])
}

extension NodeSelectorTerm {
    static let schema = ObjectSchema(
        "NodeSelectorTerm", blank: { NodeSelectorTerm() },
        [
            .field(
                "matchExpressions", \.matchExpressions,
                .list(of: NodeSelectorRequirement.schema.shape.obeying(.labelRequirement))),
            .field(
                "matchFields", \.matchFields,
                .list(of: NodeSelectorRequirement.schema.shape.obeying(.fieldRequirement))),
        ])
}

extension NodeSelectorRequirement {
    static let schema = ObjectSchema(
        "NodeSelectorRequirement", blank: { NodeSelectorRequirement(key: "", operator: .in) },
        [
            .field("key", \.key, .string, required: true),
            .field("operator", \.operator, .word(), required: true),
            .field("values", \.values, .list(of: .string)),
        ])
}

extension Toleration {
    static let schema = ObjectSchema(
        "Toleration", blank: { Toleration() },
        [
            .optional("key", \.key, .string),
            .field("operator", \.operator, .word(refused: ["Lt", "Gt"]), default: .value(.equal)),
            .field("value", \.value, .string),
            .optional("effect", \.effect, .word()),
            .noticed("tolerationSeconds", because: "Pods are matched with taints once, when they are accepted"),
        ])
}
