// The table of core/v1 LocalObjectReference, Kubernetes v1.36.

extension ImagePullSecret {
    static let schema = ObjectSchema(
        "LocalObjectReference", blank: { ImagePullSecret(name: "") },
        [.field("name", \.name, .string, required: true, impact: .none)])
}
