// The tables of core/v1 Pod, Kubernetes v1.36: the object itself, and what every object carries.
// A later version supports more by turning what is refused or noticed into a row of its own.

extension Pod {
    static let schema = ObjectSchema(
        "Pod", blank: { Pod(metadata: ObjectMeta(name: ""), spec: PodSpec(containers: [])) },
        [
            .constant("apiVersion", "v1"),
            .constant("kind", "Pod"),
            .field("metadata", \.metadata, ObjectMeta.schema.shape, required: true),
            .field("spec", \.spec, PodSpec.schema.shape, required: true),
            .noticed("status", because: "the agent writes it"),
        ])
}

extension ObjectMeta {
    static let schema = ObjectSchema(
        "ObjectMeta", blank: { ObjectMeta(name: "", namespace: "") },
        [
            .field("name", \.name, .string.obeying(.dnsSubdomain), required: true),
            .field("namespace", \.namespace, .string.obeying(.dnsLabel), default: .value("default")),
            .field("labels", \.labels, .map(of: .string).obeying(.labels), impact: .none),
            .field("annotations", \.annotations, .map(of: .string).obeying(.annotations), impact: .none),
            .refused("generateName", instead: "give it a \"name\""),
            .noticed("finalizers", because: "what leaves the repository is removed at once"),
            .noticed("ownerReferences", because: "an object is removed when it leaves the repository"),
        ]
            + [
                "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields",
                "resourceVersion", "selfLink", "uid",
            ].map { .noticed($0, because: "it is assigned, not wished for") })
}
