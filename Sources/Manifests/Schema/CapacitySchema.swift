// The rows of PodSpec by which a node decides whether it has room for a Pod.

extension PodSpec {
    static let capacity: [FieldSchema<PodSpec>] = [
        FieldSchema.optional(
            "resources", \.resources, ResourceRequirements.podSchema.shape.obeying(.requestsWithinLimits)
        ).replacingPod,
        .field("overhead", \.overhead, ResourceList.schema.shape, impact: .none),
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
