// What Kubernetes demands of ports of the node (k8s.io/kubernetes/pkg/apis/core/validation: validateContainerPorts,
// AccumulateUniqueHostPorts, validateHostNetwork).

extension Rule where Value == PodSpec {
    /// No two containers ask for one port of the node; init containers, which run one after the other, each for itself.
    static var portsAreApart: Rule {
        Rule { spec in
            var seen: Set<String> = []
            let containers = repeats(in: spec.containers, "containers", &seen)
            return containers
                + spec.initContainers.indices.flatMap { index in
                    var own: Set<String> = []
                    return repeats(in: [spec.initContainers[index]], "initContainers", from: index, &own)
                }
        }
    }

    private static func repeats(
        in containers: [Container], _ list: String, from first: Int = 0, _ seen: inout Set<String>
    ) -> [Violation] {
        var violations: [Violation] = []
        for (index, container) in containers.enumerated() {
            for (place, port) in container.ports.enumerated() {
                guard let number = port.hostPort else { continue }
                let text = "\(port.protocol.rawValue)/\(port.hostIP ?? "")/\(number)"
                if seen.insert(text).inserted { continue }
                violations.append(
                    Violation(
                        message: "Duplicate value: \(text.quoted)",
                        place: [
                            .field(list), .index(first + index), .field("ports"), .index(place), .field("hostPort"),
                        ]
                    ))
            }
        }
        return violations
    }

    /// In the node's network a container's port is the node's.
    static var portsOfHostNetwork: Rule {
        Rule { spec in
            guard spec.namespaces.hostNetwork == true else { return [] }
            return [("initContainers", spec.initContainers), ("containers", spec.containers)].flatMap {
                list, containers in
                containers.enumerated().flatMap { index, container in
                    container.ports.enumerated().filter { $1.hostPort != $1.containerPort }.map { place, port in
                        Violation(
                            message: "Invalid value: \(port.hostPort ?? 0): must match `containerPort` when "
                                + "`hostNetwork` is true",
                            place: [.field(list), .index(index), .field("ports"), .index(place), .field("hostPort")])
                    }
                }
            }
        }
    }
}

extension Rule where Value == Int {
    /// A port, or none.
    static var portOrNone: Rule {
        Rule { $0 == 0 ? [] : Rule.between(1...65535).check($0) }
    }
}

extension Shape where Value == Int {
    /// A port of the node; 0 is for Kubernetes what is not written.
    static var hostPort: Shape {
        let integer = Shape<Int>.integer.obeying(.portOrNone)
        return Shape(
            integer.name, form: integer.form,
            decode: { node, decoding in
                let decoded = integer.decode(node, &decoding)
                return decoded?.value == 0 ? Decoded(value: 0, written: .null) : decoded
            }, encode: integer.encode)
    }
}
