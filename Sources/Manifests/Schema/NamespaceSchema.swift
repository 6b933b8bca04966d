// The table of core/v1 Namespace, Kubernetes v1.36.

extension Namespace {
    static let schema = ObjectSchema(
        "Namespace", blank: { Namespace(name: "") },
        [
            .constant("apiVersion", "v1"),
            .constant("kind", "Namespace"),
            .field("metadata", \.metadata, ObjectMeta.namespaceSchema.shape, required: true),
            .group("spec", spec),
            .noticed("status", because: "the agent writes it"),
        ])

    /// The table of core/v1 NamespaceSpec.
    private static let spec = ObjectSchema<Void>(
        "NamespaceSpec", blank: {},
        [
            .noticed(
                "finalizers", because: "what leaves the repository is removed at once", unless: [["kubernetes"]])
        ])
}
