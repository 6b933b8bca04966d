// What Kubernetes demands of init containers (k8s.io/kubernetes/pkg/apis/core/validation: validateInitContainers).

extension Rule where Value == Container {
    /// What ends by itself is neither probed nor told to end: that is for sidecars.
    static var initContainer: Rule {
        Rule { container in
            if container.isSidecar { return [] }
            let written: [(String, Bool)] = [
                ("lifecycle", container.lifecycle != nil), ("livenessProbe", container.livenessProbe != nil),
                ("readinessProbe", container.readinessProbe != nil),
                ("startupProbe", container.startupProbe != nil),
            ]
            return written.filter(\.1).map { name, _ in
                Violation(
                    message: "Forbidden: may not be set for init containers without restartPolicy=Always",
                    place: [.field(name)])
            }
        }
    }
}

extension Rule where Value == PodSpec {
    /// No init container bears the name of a container.
    static var uniqueContainers: Rule {
        Rule { spec in
            let names = Set(spec.containers.map(\.name))
            return spec.initContainers.enumerated().filter { names.contains($1.name) }.map { index, container in
                Violation(
                    message: "Duplicate value: \(container.name.quoted)",
                    place: [.field("initContainers"), .index(index), .field("name")])
            }
        }
    }
}
