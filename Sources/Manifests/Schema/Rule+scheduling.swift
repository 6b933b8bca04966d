// What Kubernetes demands of the ways to choose nodes (k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule where Value == NodeSelectorRequirement {
    /// A requirement on a node's label (`ValidateNodeSelectorRequirement`).
    static var labelRequirement: Rule {
        Rule { requirement in
            let keys = Names.qualified(requirement.key).map {
                Violation(message: "Invalid value: \(requirement.key.quoted): \($0)", place: [.field("key")])
            }
            return keys + numberOfValues(in: requirement) + badValues(in: requirement)
        }
    }

    /// A requirement on a node's field (`ValidateNodeFieldSelectorRequirement`).
    static var fieldRequirement: Rule {
        Rule { requirement in
            var violations: [Violation] = []
            if requirement.key != "metadata.name" {
                violations.append(
                    Violation(
                        message: "Invalid value: \(requirement.key.quoted): not a valid field selector key",
                        hint: "the only field to choose nodes by is \"metadata.name\"", place: [.field("key")]))
            }
            switch requirement.operator {
            case .in, .notIn:
                if requirement.values.count != 1 {
                    violations.append(
                        Violation(
                            message: "Required value: must be only one value when `operator` is 'In' or 'NotIn' for "
                                + "node field selector", place: [.field("values")]))
                }
            case .exists, .doesNotExist, .gt, .lt:
                violations.append(
                    Violation(
                        message: "Invalid value: \(requirement.operator.rawValue.quoted): not a valid selector "
                            + "operator", hint: "use \"In\" or \"NotIn\"", place: [.field("operator")]))
            }
            return violations
        }
    }

    private static func numberOfValues(in requirement: NodeSelectorRequirement) -> [Violation] {
        let count = requirement.values.count
        let complaint: String? =
            switch requirement.operator {
            case .in, .notIn:
                count == 0 ? "Required value: must be specified when `operator` is 'In' or 'NotIn'" : nil
            case .exists, .doesNotExist:
                count > 0 ? "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'" : nil
            case .gt, .lt:
                count != 1 ? "Required value: must be specified single value when `operator` is 'Lt' or 'Gt'" : nil
            }
        return complaint.map { [Violation(message: $0, place: [.field("values")])] } ?? []
    }

    private static func badValues(in requirement: NodeSelectorRequirement) -> [Violation] {
        requirement.values.enumerated().flatMap { index, value in
            let complaints: [String] =
                switch requirement.operator {
                case .gt, .lt: Int64(value) == nil ? ["must be a whole number"] : []
                default: Names.labelValue(value)
                }
            return complaints.map {
                Violation(message: "Invalid value: \(value.quoted): \($0)", place: [.field("values"), .index(index)])
            }
        }
    }
}

extension Rule where Value == Toleration {
    /// What a toleration's parts demand of each other (`ValidateTolerations`).
    static var consistent: Rule {
        Rule { toleration in
            var violations: [Violation] = []
            if let key = toleration.key, !key.isEmpty {
                violations += Names.qualified(key).map {
                    Violation(message: "Invalid value: \(key.quoted): \($0)", place: [.field("key")])
                }
            } else if toleration.operator != .exists {
                violations.append(
                    Violation(
                        message: "Invalid value: \(toleration.operator.rawValue.quoted): operator must be Exists when "
                            + "`key` is empty, which means \"match all values and all keys\"",
                        place: [.field("operator")]))
            }
            switch toleration.operator {
            case .equal:
                violations += Names.labelValue(toleration.value).map {
                    Violation(message: "Invalid value: \(toleration.value.quoted): \($0)", place: [.field("value")])
                }
            case .exists where !toleration.value.isEmpty:
                violations.append(
                    Violation(
                        message: "Invalid value: \(toleration.value.quoted): value must be empty when `operator` is "
                            + "'Exists'", place: [.field("value")]))
            case .exists: break
            }
            return violations
        }
    }
}
