// What Kubernetes demands of environment variables (k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule where Value == EnvVar {
    /// A value, or where it is taken from (`validateEnvVarValueFrom`).
    static var valueOrSource: Rule {
        Rule { variable in
            guard variable.valueFrom != nil, !variable.value.isEmpty else { return [] }
            return [
                Violation(
                    message: "Invalid value: \"\": may not be specified when `value` is not empty",
                    place: [.field("valueFrom")])
            ]
        }
    }
}

extension Rule where Value == EnvVarSource {
    /// Exactly one source (`validateEnvVarValueFrom`).
    static var oneSource: Rule {
        Rule { source in
            let count = [
                source.configMapKeyRef != nil, source.secretKeyRef != nil, source.fieldRef != nil,
                source.resourceFieldRef != nil,
            ].count { $0 }
            if count == 1 { return [] }
            return [
                Violation(
                    message: count == 0
                        ? "Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, "
                            + "`configMapKeyRef` or `secretKeyRef`"
                        : "Invalid value: \"\": may not have more than one field specified at a time")
            ]
        }
    }
}

extension Rule where Value == EnvFromSource {
    /// Exactly one source (`ValidateEnvFrom`).
    static var oneSource: Rule {
        Rule { source in
            switch (source.configMapRef, source.secretRef) {
            case (nil, nil):
                [Violation(message: "Invalid value: \"\": must specify one of: `configMapRef` or `secretRef`")]
            case (.some, .some):
                [Violation(message: "Invalid value: \"\": may not have more than one field specified at a time")]
            default: []
            }
        }
    }
}

extension Rule where Value == ObjectFieldSelector {
    /// The fields that variables can be taken from (`validateObjectFieldSelector`).
    static var environmentField: Rule {
        field(
            among: [
                "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
                "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
            ])
    }

    /// The fields that files can be written of (`validVolumeDownwardAPIFieldPathExpressions`).
    static var fileField: Rule {
        field(
            among: [
                "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
            ])
    }

    private static func field(among supported: [String]) -> Rule {
        Rule { field in
            let (path, key) = field.parts
            guard let key else {
                if supported.contains(path) { return [] }
                return [
                    Violation(
                        message: "Unsupported value: \(path.quoted): supported values: "
                            + supported.map(\.quoted).joined(separator: ", "),
                        hint: Nearest.name(to: path, in: supported).map { "did you mean \($0.quoted)?" },
                        place: [.field("fieldPath")])
                ]
            }
            switch path {
            case "metadata.labels": return qualified(key)
            case "metadata.annotations": return qualified(key.lowercased())
            default:
                return [Violation(message: "Invalid value: \(path.quoted): does not support subscript")]
            }
        }
    }

    private static func qualified(_ key: String) -> [Violation] {
        Names.qualified(key).map { Violation(message: "Invalid value: \(key.quoted): \($0)") }
    }
}

extension Rule where Value == ResourceFieldSelector {
    /// A resource that is counted here, in a unit that fits it (`validateContainerResourceFieldSelector`).
    static var resourceField: Rule {
        Rule { selector in
            let supported = [
                "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu",
                "requests.ephemeral-storage", "requests.memory",
            ]
            guard supported.contains(selector.resource) else {
                return [
                    Violation(
                        message: "Unsupported value: \(selector.resource.quoted): supported values: "
                            + supported.map(\.quoted).joined(separator: ", "), place: [.field("resource")])
                ]
            }
            guard let divisor = selector.divisor, divisor != Quantity(0) else { return [] }
            let isCPU = selector.resource.hasSuffix("cpu")
            if (isCPU ? cpuDivisors : memoryDivisors).contains(divisor) { return [] }
            let kind = selector.resource.hasSuffix("memory") ? "memory" : "local ephemeral storage"
            return [
                Violation(
                    message: "Invalid value: \(divisor.description.quoted): "
                        + (isCPU
                            ? "only divisor's values 1m and 1 are supported with the cpu resource"
                            : "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are "
                                + "supported with the \(kind) resource"),
                    place: [.field("divisor")])
            ]
        }
    }

    private static let cpuDivisors = Set(["1m", "1"].compactMap { try? Quantity($0) })
    private static let memoryDivisors = Set(
        ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"].compactMap {
            try? Quantity($0)
        })
}

extension Rule where Value == PodSpec {
    /// Whose resources are told is there. The API server lets it pass, and the kubelet has the container wait for ever.
    static var countsOwnContainers: Rule {
        Rule { spec in
            let names = spec.allContainers.map(\.name)
            return spec.countedContainers.filter { !names.contains($0.name) }.map { name, place in
                Violation(
                    message: "Not found: \(name.quoted)",
                    hint: Nearest.name(to: name, in: names.sorted()).map { "did you mean \($0.quoted)?" }
                        ?? "name one of the Pod's own containers",
                    place: place + [.field("resourceFieldRef"), .field("containerName")])
            }
        }
    }
}

extension PodSpec {
    /// The containers whose resources are told in variables and files, and where that is written.
    fileprivate var countedContainers: [(name: String, place: [FieldPath.Step])] {
        var found: [(name: String, place: [FieldPath.Step])] = []
        for (list, containers) in [("initContainers", initContainers), ("containers", containers)] {
            for (index, container) in containers.enumerated() {
                for (number, variable) in container.env.enumerated() {
                    guard let name = variable.valueFrom?.resourceFieldRef?.containerName else { continue }
                    found.append(
                        (name, [.field(list), .index(index), .field("env"), .index(number), .field("valueFrom")]))
                }
            }
        }
        return found
            + volumes.enumerated().flatMap { index, volume in
                volume.countedContainers(at: [.field("volumes"), .index(index)])
            }
    }
}

extension Volume {
    fileprivate func countedContainers(at place: [FieldPath.Step]) -> [(name: String, place: [FieldPath.Step])] {
        var parts: [(DownwardAPIVolume, [FieldPath.Step])] = []
        if let downwardAPI { parts.append((downwardAPI, place + [.field("downwardAPI")])) }
        for (number, source) in (projected?.sources ?? []).enumerated() {
            guard let files = source.downwardAPI else { continue }
            parts.append(
                (files, place + [.field("projected"), .field("sources"), .index(number), .field("downwardAPI")]))
        }
        var found: [(name: String, place: [FieldPath.Step])] = []
        for (files, place) in parts {
            for (number, file) in files.items.enumerated() {
                guard let name = file.resourceFieldRef?.containerName else { continue }
                found.append((name, place + [.field("items"), .index(number)]))
            }
        }
        return found
    }
}

extension Rule where Value == String {
    /// A key of a ConfigMap or Secret.
    static var configKey: Rule { .value(shownAs: { $0.quoted }) { Names.configKey($0) } }

    /// The version of the Pod that a field is of.
    static var fieldVersion: Rule {
        .value(shownAs: { $0.quoted }) {
            $0 == "v1" ? [] : ["error converting fieldPath: unsupported pod version: \($0)"]
        }
    }
}
