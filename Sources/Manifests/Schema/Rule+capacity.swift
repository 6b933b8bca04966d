// What Kubernetes demands of what a Pod counts on (k8s.io/kubernetes/pkg/apis/core/validation: validatePodResources,
// validateContainerResizePolicy), and what of it this node does not do.

extension Rule where Value == [ContainerResizePolicy] {
    /// One policy for each resource.
    static var onePolicyEach: Rule {
        Rule { policies in
            var seen: Set<ContainerResizePolicy.Resource> = []
            return policies.enumerated().filter { !seen.insert($1.resourceName).inserted }.map { index, policy in
                Violation(message: "Duplicate value: \(policy.resourceName.rawValue.quoted)", place: [.index(index)])
            }
        }
    }
}

extension Rule where Value == PodSpec {
    /// A Pod as a whole has processors and memory.
    static var wholeIsSupported: Rule {
        Rule { spec in
            let lists = [("limits", spec.resources?.limits), ("requests", spec.resources?.requests)]
            return lists.filter { $1?.ephemeralStorage != nil }.map { list, _ in
                Violation(
                    message: "Unsupported value: \"ephemeral-storage\": supported values: \"cpu\", \"memory\"",
                    place: [.field("resources"), .field(list), .field("ephemeral-storage")])
            }
        }
    }

    /// The Pod as a whole requests what its containers do at least, and no container may use more than the whole.
    static var wholeCoversContainers: Rule {
        Rule { spec in
            guard let whole = spec.resources else { return [] }
            func check<Amount: Comparable & CustomStringConvertible>(
                _ name: String, _ amount: KeyPath<ResourceList, Amount?>, _ together: Amount
            ) -> [Violation] {
                var violations: [Violation] = []
                if let requested = whole.requests[keyPath: amount], requested < together {
                    violations.append(
                        Violation(
                            message: "Invalid value: \"\(requested)\": must be greater than or equal to aggregate "
                                + "container requests of \(together)",
                            place: [.field("resources"), .field("requests"), .field(name)]))
                }
                guard let limit = whole.limits[keyPath: amount] else { return violations }
                if together > limit {
                    violations.append(
                        Violation(
                            message: "Invalid value: \"\(together)\": must be less than or equal to \(name) limit of "
                                + "\(limit)", place: [.field("resources"), .field("limits"), .field(name)]))
                }
                for (list, containers) in [("initContainers", spec.initContainers), ("containers", spec.containers)] {
                    for (index, container) in containers.enumerated() {
                        guard let own = container.resources.limits[keyPath: amount], own > limit else { continue }
                        violations.append(
                            Violation(
                                message: "Invalid value: \"\(own)\": must be less than or equal to pod limits of "
                                    + "\(limit)",
                                place: [
                                    .field(list), .index(index), .field("resources"), .field("limits"), .field(name),
                                ]))
                    }
                }
                return violations
            }
            return check("cpu", \.cpu, MilliCPU(spec.peak { $0.requests.cpu?.count ?? 0 }))
                + check("memory", \.memory, Bytes(spec.peak { $0.requests.memory?.count ?? 0 }))
        }
    }

    /// What never starts again cannot be resized by a restart.
    static var resizesWithoutEnd: Rule {
        Rule { spec in
            guard spec.restartPolicy == .never else { return [] }
            return spec.containers.enumerated().flatMap { index, container in
                container.resizePolicy.enumerated().filter { $1.restartPolicy == .restartContainer }.map { place, _ in
                    Violation(
                        message: "Unsupported value: \"RestartContainer\": supported values: \"NotRequired\"",
                        place: [
                            .field("containers"), .index(index), .field("resizePolicy"), .index(place),
                            .field("restartPolicy"),
                        ])
                }
            }
        }
    }

    /// A Pod that waits is on no node.
    static var gatesPrecedeNode: Rule {
        Rule { spec in
            guard spec.nodeName != nil, !spec.schedulingGates.isEmpty else { return [] }
            return [
                Violation(
                    message: "Forbidden: cannot be set until all schedulingGates have been cleared",
                    place: [.field("nodeName")])
            ]
        }
    }
}
