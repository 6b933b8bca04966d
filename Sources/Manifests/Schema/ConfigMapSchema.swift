// The table of core/v1 ConfigMap, Kubernetes v1.36.

extension ConfigMap {
    static let schema = ObjectSchema(
        "ConfigMap", blank: { ConfigMap(metadata: ObjectMeta(name: "")) },
        [
            .constant("apiVersion", "v1"),
            .constant("kind", "ConfigMap"),
            .field("metadata", \.metadata, ObjectMeta.schema.shape, required: true),
            .field("data", \.data, .map(of: .string).obeying(.configKeys())),
            .field("binaryData", \.binaryData, .map(of: .base64).obeying(.configKeys())),
            .optional("immutable", \.immutable, .boolean),
        ])

    /// The table with what its parts demand of each other.
    static let shape: Shape<ConfigMap> = schema.shape.obeying(.configMap)
}
