// The tables of what processes may do: core/v1 SecurityContext and PodSecurityContext, Kubernetes v1.36.

extension SecurityContext {
    static let schema = ObjectSchema(
        "SecurityContext", blank: { SecurityContext() },
        [
            .optional("allowPrivilegeEscalation", \.allowPrivilegeEscalation, .boolean),
            .refused(
                "appArmorProfile", unless: [["type": "Unconfined"]], instead: "profiles are not loaded: remove it"),
            .optional("capabilities", \.capabilities, Capabilities.schema.shape),
            .optional("privileged", \.privileged, .boolean),
            .optional("procMount", \.procMount, .word()),
            .optional("readOnlyRootFilesystem", \.readOnlyRootFilesystem, .boolean),
            .optional("runAsGroup", \.runAsGroup, .identifier),
            .optional("runAsNonRoot", \.runAsNonRoot, .boolean),
            .optional("runAsUser", \.runAsUser, .identifier),
            .noticed("seLinuxOptions", because: "SELinux labels are not set"),
            .optional("seccompProfile", \.seccompProfile, SeccompSource.schema.shape.obeying(.complete)),
            .refused("windowsOptions", instead: "containers run on Linux: remove them"),
        ])
}

extension Capabilities {
    static let schema = ObjectSchema(
        "Capabilities", blank: { Capabilities() },
        [.field("add", \.add, .list(of: .capability)), .field("drop", \.drop, .list(of: .capability))])
}

extension SeccompSource {
    static let schema = ObjectSchema(
        "SeccompProfile", blank: { SeccompSource(type: .runtimeDefault) },
        [
            .field("type", \.type, .word(), required: true),
            .optional("localhostProfile", \.localhostProfile, .string),
        ])
}

extension PodSecurityContext {
    static let schema = ObjectSchema(
        "PodSecurityContext", blank: { PodSecurityContext() },
        [
            .refused(
                "appArmorProfile", unless: [["type": "Unconfined"]], instead: "profiles are not loaded: remove it"),
            .optional("fsGroup", \.fsGroup, .identifier),
            .optional("fsGroupChangePolicy", \.fsGroupChangePolicy, .word()),
            .optional("runAsGroup", \.runAsGroup, .identifier),
            .optional("runAsNonRoot", \.runAsNonRoot, .boolean),
            .optional("runAsUser", \.runAsUser, .identifier),
            .noticed("seLinuxChangePolicy", because: "SELinux labels are not set"),
            .noticed("seLinuxOptions", because: "SELinux labels are not set"),
            .optional("seccompProfile", \.seccompProfile, SeccompSource.schema.shape.obeying(.complete)),
            .field("supplementalGroups", \.supplementalGroups, .list(of: .identifier)),
            .optional("supplementalGroupsPolicy", \.supplementalGroupsPolicy, .word()),
            .field("sysctls", \.sysctls, .list(of: Sysctl.schema.shape).obeying(.uniqueNames { $0.dottedName })),
            .refused("windowsOptions", instead: "containers run on Linux: remove them"),
        ])
}

extension Sysctl {
    static let schema = ObjectSchema(
        "Sysctl", blank: { Sysctl(name: "", value: "") },
        [
            .field("name", \.name, .string.obeying(.sysctlName), required: true),
            .field("value", \.value, .string.obeying(.oneLine), required: true),
        ])
}

extension Shape where Value == Int {
    /// A user's or group's number (`validation.IsValidUserID`).
    static var identifier: Shape { Shape.integer.obeying(.between(0...2_147_483_647)) }
}

extension Shape where Value == CapabilityChoice {
    /// `ALL`, or a capability's name.
    static var capability: Shape {
        let string = Shape<String>.string
        return Shape(
            "capability", form: .text,
            decode: { node, decoding in
                guard let text = string.decode(node, &decoding)?.value else { return nil }
                if let choice = CapabilityChoice(text) {
                    return Decoded(value: choice, written: .string(choice.text))
                }
                decoding.report(
                    "\(decoding.path.words): unknown capability \(text.quoted)", at: node.place,
                    hint: Nearest.name(to: text, in: Capability.names).map { "did you mean \($0.quoted)?" })
                return nil
            }, encode: { .string($0.text) })
    }
}
