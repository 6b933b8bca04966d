// What Kubernetes demands of containers that mount for others too (k8s.io/kubernetes/pkg/apis/core/validation).

extension Rule where Value == PodSpec {
    /// What a container mounts reaches the node only where it has the node's rights anyway (`validateMountPropagation`).
    static var propagatesWithRights: Rule {
        Rule { spec in
            [("initContainers", spec.initContainers), ("containers", spec.containers)].flatMap { list, containers in
                containers.enumerated().flatMap { index, container in
                    violations(of: container, at: [.field(list), .index(index), .field("volumeMounts")])
                }
            }
        }
    }

    private static func violations(of container: Container, at place: [FieldPath.Step]) -> [Violation] {
        if container.securityContext?.privileged == true { return [] }
        return container.volumeMounts.enumerated().filter { $0.element.mountPropagation == .bidirectional }.map {
            Violation(
                message: "Forbidden: Bidirectional mount propagation is available only to privileged containers",
                place: place + [.index($0.offset), .field("mountPropagation")])
        }
    }
}
