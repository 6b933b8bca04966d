// The tables of meta/v1 ObjectMeta, Kubernetes v1.36: what every object carries.

extension ObjectMeta {
    /// For objects in a namespace.
    static let schema = ObjectSchema(
        "ObjectMeta", blank: { ObjectMeta(name: "", namespace: "") },
        [
            .field("name", \.name, .string.obeying(.dnsSubdomain), required: true),
            .field("namespace", \.namespace, .string.obeying(.dnsLabel), default: .value("default")),
        ] + words)

    /// For namespaces themselves.
    static let namespaceSchema = ObjectSchema(
        "ObjectMeta", blank: { ObjectMeta(name: "", namespace: "") },
        [
            .field("name", \.name, .string.obeying(.dnsLabel), required: true),
            .refused("namespace", instead: "a Namespace is in none: remove it"),
        ] + words)

    private static let words: [FieldSchema<ObjectMeta>] =
        [
            .field("labels", \.labels, .map(of: .string).obeying(.labels), impact: .none),
            .field(
                "annotations", \.annotations, .map(of: .string).obeying(.annotations, .ownAnnotations), impact: .none),
            .refused("generateName", instead: "give it a \"name\""),
            .noticed("finalizers", because: "what leaves the repository is removed at once"),
            .noticed("ownerReferences", because: "an object is removed when it leaves the repository"),
        ]
        + [
            "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields",
            "resourceVersion", "selfLink", "uid",
        ].map { .noticed($0, because: "it is assigned, not wished for") }
}
