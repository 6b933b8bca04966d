// The tables of a container's resources.

extension ResourceRequirements {
    static let schema = ObjectSchema(
        "ResourceRequirements", blank: { ResourceRequirements() },
        [
            .field("limits", \.limits, ResourceList.schema.shape, impact: .inPlace),
            .field("requests", \.requests, ResourceList.schema.shape, impact: .inPlace),
            .refused("claims", instead: "devices are not given to containers: remove the claims"),
        ], complete: { $0.requestLimits() })
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
