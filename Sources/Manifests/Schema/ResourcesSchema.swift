// The tables of a container's resources.

extension ResourceRequirements {
    static let schema = table { $0.requestLimits() }

    /// Of a Pod as a whole: what it requests follows from its containers too (`PodSpec.requestResources`).
    static let podSchema = table { _ in }

    private static func table(
        _ complete: @escaping @Sendable (inout ResourceRequirements) -> Void
    ) -> ObjectSchema<ResourceRequirements> {
        ObjectSchema(
            "ResourceRequirements", blank: { ResourceRequirements() },
            [
                .field("limits", \.limits, ResourceList.schema.shape, impact: .inPlace),
                .field("requests", \.requests, ResourceList.schema.shape, impact: .inPlace),
                .refused("claims", instead: "devices are not given to containers: remove the claims"),
            ], complete: complete)
    }
}

extension ResourceList {
    static let schema = ObjectSchema(
        "ResourceList", blank: { ResourceList() },
        [
            .optional("cpu", \.cpu, .milliCPU, impact: .inPlace),
            .optional("memory", \.memory, .bytes, impact: .inPlace),
            .optional("ephemeral-storage", \.ephemeralStorage, .bytes, impact: .inPlace),
        ], verdictOnOther: verdict)

    /// Huge pages and what extends a node: GPUs and the like.
    @Sendable private static func verdict(of resource: String) -> Verdict? {
        guard resource.hasPrefix("hugepages-") || resource.contains("/") else { return nil }
        return .refused(instead: "only cpu, memory and ephemeral-storage are given to containers: remove it")
    }
}

extension ContainerResizePolicy {
    static let schema = ObjectSchema(
        "ContainerResizePolicy", blank: { ContainerResizePolicy(resourceName: .cpu, restartPolicy: .notRequired) },
        [
            .field("resourceName", \.resourceName, .word(), required: true, impact: .none),
            .field("restartPolicy", \.restartPolicy, .word(), required: true, impact: .none),
        ])
}
