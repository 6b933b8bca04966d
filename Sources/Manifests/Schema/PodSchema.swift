// The table of core/v1 Pod, Kubernetes v1.36.
// A later version supports more by turning what is refused or noticed into a row of its own.

extension Pod {
    static let schema = ObjectSchema(
        "Pod", blank: { Pod(metadata: ObjectMeta(name: ""), spec: PodSpec(containers: [])) },
        [
            .constant("apiVersion", "v1"),
            .constant("kind", "Pod"),
            .field("metadata", \.metadata, ObjectMeta.schema.shape, required: true),
            .field(
                "spec", \.spec,
                PodSpec.schema.shape.obeying(
                    .uniqueContainers, .lifecycles, .mountsVolumes, .countsOwnContainers, .hostNameAgrees,
                    .namesServers, .namespacesAgree,
                    .portsAreApart, .portsOfHostNetwork, .propagatesWithRights, .usersAgree,
                    .wholeIsSupported, .wholeCoversContainers, .resizesWithoutEnd, .gatesPrecedeNode, .priorityIsKnown),
                required: true),
            .noticed("status", because: "the agent writes it"),
        ])
}
