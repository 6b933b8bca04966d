// What Kubernetes demands of Pods with users of their own (k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule where Value == PodSpec {
    /// What users of its own demand of the rest of a Pod, and what takes them (`validateHostUsers`,
    /// `validateSecurityContext`).
    static var usersAgree: Rule {
        Rule { spec in
            let hasOwn = spec.namespaces.hostUsers == false
            return hasOwn ? sharedNamespaces(spec) + numbers(spec) : unmasked(spec)
        }
    }

    private static func sharedNamespaces(_ spec: PodSpec) -> [Violation] {
        let others = spec.namespaces
        return [("hostNetwork", others.hostNetwork), ("hostPID", others.hostPID), ("hostIPC", others.hostIPC)]
            .filter { $0.1 == true }
            .map { Violation(message: "Forbidden: when `hostUsers` is false", place: [.field($0.0)]) }
    }

    /// Nobody beyond the Pod's own users can be anybody in it.
    private static func numbers(_ spec: PodSpec) -> [Violation] {
        let pod: [FieldPath.Step] = [.field("securityContext")]
        var all = [
            (pod + [.field("fsGroup")], spec.securityContext?.fsGroup),
            (pod + [.field("runAsUser")], spec.securityContext?.runAsUser),
            (pod + [.field("runAsGroup")], spec.securityContext?.runAsGroup),
        ]
        for (index, group) in (spec.securityContext?.supplementalGroups ?? []).enumerated() {
            all.append((pod + [.field("supplementalGroups"), .index(index)], group))
        }
        for (place, container) in places(of: spec) {
            let own = place + [.field("securityContext")]
            all.append((own + [.field("runAsUser")], container.securityContext?.runAsUser))
            all.append((own + [.field("runAsGroup")], container.securityContext?.runAsGroup))
        }
        return all.compactMap { place, number in
            guard let number, number > 65535 else { return nil }
            return Violation(
                message: "Invalid value: \(number): must be between 0 and 65535, inclusive, when `hostUsers` is false",
                place: place)
        }
    }

    private static func unmasked(_ spec: PodSpec) -> [Violation] {
        places(of: spec).filter { $0.1.securityContext?.procMount == .unmasked }.map { place, _ in
            Violation(
                message: "Invalid value: \"Unmasked\": `hostUsers` must be false to use `Unmasked`",
                place: place + [.field("securityContext"), .field("procMount")])
        }
    }

    private static func places(of spec: PodSpec) -> [([FieldPath.Step], Container)] {
        [("initContainers", spec.initContainers), ("containers", spec.containers)].flatMap { list, containers in
            containers.enumerated().map { ([.field(list), .index($0.offset)], $0.element) }
        }
    }
}
