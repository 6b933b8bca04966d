// What Kubernetes demands of namespaces and kernel parameters (k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule where Value == PodSpec {
    /// What namespaces and kernel parameters demand of each other.
    static var namespacesAgree: Rule {
        Rule { spec in
            let others = spec.namespaces
            var violations: [Violation] = []
            if others.shareProcessNamespace == true, others.hostPID == true {
                violations.append(
                    Violation(
                        message: "Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
                        place: [.field("shareProcessNamespace")]))
            }
            for (index, sysctl) in (spec.securityContext?.sysctls ?? []).enumerated() {
                let complaint: String? =
                    switch sysctl.namespace {
                    case .network where others.hostNetwork == true: "may not be specified when 'hostNetwork' is true"
                    case .ipc where others.hostIPC == true: "may not be specified when 'hostIPC' is true"
                    case nil: "is the whole node's: a Pod can set only what belongs to namespaces of its own"
                    default: nil
                    }
                guard let complaint else { continue }
                violations.append(
                    Violation(
                        message: "Invalid value: \(sysctl.name.quoted): \(complaint)",
                        place: [.field("securityContext"), .field("sysctls"), .index(index), .field("name")]))
            }
            return violations
        }
    }
}

extension Rule where Value == String {
    /// `validation.IsValidSysctlName`; a name without a part of dots cannot lead out of /proc/sys.
    static var sysctlName: Rule {
        .value(shownAs: { $0.quoted }) { name in
            let form = /([a-z0-9]([-_a-z0-9]*[a-z0-9])?[.\/])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?/
            if name.utf8.count <= 253, (try? form.wholeMatch(in: name)) != nil { return [] }
            return [
                "must have at most 253 characters and match regex "
                    + "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
            ]
        }
    }

    /// One line: what follows another would be another value.
    static var oneLine: Rule {
        .value(shownAs: { $0.quoted }) { value in
            value.utf8.contains { $0 < 0x20 && $0 != 0x09 } ? ["must be one line"] : []
        }
    }
}

extension Rule where Value == SecurityContext {
    /// Who has all rights cannot be kept from gaining them (`ValidateSecurityContext`).
    static var escalationAgrees: Rule {
        Rule { context in
            guard context.allowPrivilegeEscalation == false else { return [] }
            let added = context.capabilities?.add ?? []
            let complaint: String? =
                context.privileged == true
                ? "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
                : added.contains { $0.text == "SYS_ADMIN" }
                    ? "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN" : nil
            return complaint.map {
                [Violation(message: "Invalid value: false: \($0)", place: [.field("allowPrivilegeEscalation")])]
            } ?? []
        }
    }
}
