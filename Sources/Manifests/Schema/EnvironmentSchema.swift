// The tables of environment variables, Kubernetes v1.36.

extension EnvVar {
    static let schema = ObjectSchema(
        "EnvVar", blank: { EnvVar(name: "") },
        [
            .field("name", \.name, .string.obeying(.environmentName), required: true, impact: .restartContainer),
            .field("value", \.value, .string, impact: .restartContainer),
            .optional(
                "valueFrom", \.valueFrom, EnvVarSource.schema.shape.obeying(.oneSource), impact: .restartContainer),
        ])

    /// The table with what its parts demand of each other.
    static let shape: Shape<EnvVar> = schema.shape.obeying(.valueOrSource)
}

extension EnvVarSource {
    static let schema = ObjectSchema(
        "EnvVarSource", blank: { EnvVarSource() },
        [
            .optional("configMapKeyRef", \.configMapKeyRef, KeySelector.schema.shape, impact: .restartContainer),
            .optional("secretKeyRef", \.secretKeyRef, KeySelector.schema.shape, impact: .restartContainer),
            .optional(
                "fieldRef", \.fieldRef, ObjectFieldSelector.schema.shape.obeying(.environmentField),
                impact: .restartContainer),
            .optional(
                "resourceFieldRef", \.resourceFieldRef, ResourceFieldSelector.schema.shape.obeying(.resourceField),
                impact: .restartContainer),
            .refused("fileKeyRef", instead: "let the command read the file"),
        ])
}

extension EnvFromSource {
    static let schema = ObjectSchema(
        "EnvFromSource", blank: { EnvFromSource() },
        [
            .field("prefix", \.prefix, .string.obeying(.environmentName), impact: .restartContainer),
            .optional("configMapRef", \.configMapRef, OptionalReference.schema.shape, impact: .restartContainer),
            .optional("secretRef", \.secretRef, OptionalReference.schema.shape, impact: .restartContainer),
        ])
}

extension OptionalReference {
    static let schema = ObjectSchema(
        "LocalObjectReference", blank: { OptionalReference(name: "") },
        [
            .field("name", \.name, .string.obeying(.dnsSubdomain), required: true, impact: .restartContainer),
            .optional("optional", \.optional, .boolean, impact: .restartContainer),
        ])
}

extension KeySelector {
    static let schema = ObjectSchema(
        "KeySelector", blank: { KeySelector(name: "", key: "") },
        [
            .field("name", \.name, .string.obeying(.dnsSubdomain), required: true, impact: .restartContainer),
            .field("key", \.key, .string.obeying(.configKey), required: true, impact: .restartContainer),
            .optional("optional", \.optional, .boolean, impact: .restartContainer),
        ])
}

extension ObjectFieldSelector {
    static let schema = ObjectSchema(
        "ObjectFieldSelector", blank: { ObjectFieldSelector(fieldPath: "") },
        [
            .field(
                "apiVersion", \.apiVersion, .string.obeying(.fieldVersion), default: .value("v1"),
                impact: .restartContainer),
            .field("fieldPath", \.fieldPath, .string, required: true, impact: .restartContainer),
        ])
}

extension ResourceFieldSelector {
    static let schema = ObjectSchema(
        "ResourceFieldSelector", blank: { ResourceFieldSelector(resource: "") },
        [
            .optional("containerName", \.containerName, .string, impact: .restartContainer),
            .field("resource", \.resource, .string, required: true, impact: .restartContainer),
            .optional("divisor", \.divisor, .quantity, impact: .restartContainer),
        ])
}
