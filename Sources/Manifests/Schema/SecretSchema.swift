// The table of core/v1 Secret, Kubernetes v1.36.

extension Secret {
    static let schema = ObjectSchema(
        "Secret", blank: { Secret(metadata: ObjectMeta(name: "")) },
        [
            .constant("apiVersion", "v1"),
            .constant("kind", "Secret"),
            .field("metadata", \.metadata, ObjectMeta.schema.shape, required: true),
            .field("data", \.data, .map(of: .secretBase64).obeying(.configKeys())),
            .field("stringData", \.stringData, .map(of: .secretText).obeying(.configKeys())),
            .field("type", \.type, .string, default: .value("Opaque")),
            .optional("immutable", \.immutable, .boolean),
        ], complete: { $0.mergeStringData() })

    /// The table with what its parts demand of each other.
    static let shape: Shape<Secret> = schema.shape.obeying(.secret)
}
