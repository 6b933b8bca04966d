// The rows of PodSpec by which a node decides whether it has room for a Pod.

extension PodSpec {
    static let capacity: [FieldSchema<PodSpec>] = [
        FieldSchema.optional(
            "resources", \.resources, ResourceRequirements.podSchema.shape.obeying(.requestsWithinLimits)
        ).replacingPod,
        .field("overhead", \.overhead, ResourceList.schema.shape, impact: .none),
        .optional("priority", \.priority, .integer.obeying(.between(-2_147_483_648...2_147_483_647)), impact: .none),
        .optional("priorityClassName", \.priorityClassName, .string.obeying(.dnsSubdomain), impact: .none),
        .field(
            "schedulingGates", \.schedulingGates,
            .list(of: PodSchedulingGate.schema.shape).obeying(.uniqueNames { $0.name }), impact: .none),
    ]
}

extension PodSchedulingGate {
    static let schema = ObjectSchema(
        "PodSchedulingGate", blank: { PodSchedulingGate(name: "") },
        [.field("name", \.name, .string, required: true, impact: .none)])
}
