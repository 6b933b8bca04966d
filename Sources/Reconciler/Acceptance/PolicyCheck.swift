import Manifests
import PodModel

extension NodePolicy {
    /// What a Pod asks of the node and no rule allows: a finding each, at the field. Pure.
    func refusals(of loaded: LoadedPod) -> [Diagnostic] {
        let pod = loaded.pod
        let namespace = pod.metadata.namespace
        let rules = rules(for: namespace)
        return PolicyRequest.all(of: pod.spec).filter { request in !rules.contains { request.isAllowed($0.allow) } }
            .map { request in
                let reason =
                    rules.isEmpty
                    ? "no rule is for namespace \(namespace)"
                    : "\(Self.words(for: rules)) for namespace \(namespace) and \(rules.count == 1 ? "does" : "do") not "
                        + "allow \(request.words)"
                return Diagnostic(
                    .error, at: loaded.asked[request.field] ?? loaded.position,
                    "\(request.field): Forbidden by the node's policy: \(reason)",
                    hint: "remove it, or have the node's administrator allow \(request.words) (--policy)")
            }
    }

    private static func words(for rules: [PolicyRule]) -> String {
        let names = rules.map { "\"\($0.name)\"" }.joined(separator: ", ")
        return rules.count == 1 ? "rule \(names) is" : "rules \(names) are"
    }
}

/// One thing that a Pod asks of the node.
private struct PolicyRequest {
    let field: String
    /// What would have to be allowed.
    let words: String
    let isAllowed: (Allowance) -> Bool

    /// Everything that a Pod asks of the node, in the order of its manifest.
    static func all(of spec: PodSpec) -> [PolicyRequest] {
        let lists = [("initContainers", spec.initContainers), ("containers", spec.containers)]
        return namespaces(of: spec) + sysctls(of: spec) + hostPaths(of: spec)
            + lists.flatMap { list, containers in
                containers.enumerated().flatMap { index, container in
                    requests(of: container, at: "spec.\(list)[\(index)].securityContext")
                        + (spec.namespaces.hostNetwork == true
                            ? [] : hostPorts(of: container, at: "spec.\(list)[\(index)].ports"))
                }
            }
    }

    /// In the node's network a port is only said to be listened at: what is allowed there is the network.
    private static func hostPorts(of container: Container, at field: String) -> [PolicyRequest] {
        container.ports.enumerated().compactMap { index, port in
            guard let number = port.hostPort, !Allowance().allows(hostPort: number) else { return nil }
            return PolicyRequest(field: "\(field)[\(index)].hostPort", words: "the hostPort \(number)") {
                $0.allows(hostPort: number)
            }
        }
    }

    /// What is mounted for reading only, wherever it is mounted, may be of what others may only read.
    private static func hostPaths(of spec: PodSpec) -> [PolicyRequest] {
        spec.volumes.enumerated().compactMap { index, volume in
            guard let source = volume.hostPath else { return nil }
            let mounts = spec.allContainers.flatMap(\.volumeMounts).filter { $0.name == volume.name }
            let writing = writing(to: source, mounts)
            return PolicyRequest(
                field: "spec.volumes[\(index)].hostPath.path",
                words: "the hostPath \(source.path)\(writing.map { " \($0)" } ?? "")"
            ) { $0.allows(hostPath: source.path, readOnly: writing == nil) }
        }
    }

    /// What would write to a path of the node's, in words; nil for nothing.
    private static func writing(to source: HostPathVolume, _ mounts: [VolumeMount]) -> String? {
        if !mounts.allSatisfy(\.readOnly) { return "for writing" }
        if source.type.isMade { return "of type \(source.type.rawValue)" }
        // What the node mounts there later comes as writable as it is on the node.
        let propagation = mounts.compactMap(\.mountPropagation).first { $0 != .none }
        return propagation.map { "with mountPropagation \($0.rawValue)" }
    }

    private static func namespaces(of spec: PodSpec) -> [PolicyRequest] {
        [
            (spec.namespaces.hostNetwork, "hostNetwork", \Allowance.hostNetwork),
            (spec.namespaces.hostPID, "hostPID", \Allowance.hostPID),
            (spec.namespaces.hostIPC, "hostIPC", \Allowance.hostIPC),
        ].filter { $0.0 == true }.map { _, name, allowance in
            PolicyRequest(field: "spec.\(name)", words: name) { $0[keyPath: allowance] }
        }
    }

    private static func sysctls(of spec: PodSpec) -> [PolicyRequest] {
        (spec.securityContext?.sysctls ?? []).enumerated().filter { !$1.isSafe }.map { index, sysctl in
            PolicyRequest(
                field: "spec.securityContext.sysctls[\(index)].name", words: "the unsafe sysctl \(sysctl.dottedName)"
            ) { $0.allows(sysctl: sysctl.dottedName) }
        }
    }

    private static func requests(of container: Container, at field: String) -> [PolicyRequest] {
        guard let context = container.securityContext else { return [] }
        let privileged =
            context.privileged == true
            ? [PolicyRequest(field: "\(field).privileged", words: "privileged containers") { $0.privileged }] : []
        let added = (context.capabilities?.add ?? []).enumerated().filter { !Capability.usual.contains($1) }
        return privileged
            + added.map { index, choice in
                PolicyRequest(field: "\(field).capabilities.add[\(index)]", words: "the capability \(choice.text)") {
                    $0.privileged || $0.capabilities.contains(.all) || $0.capabilities.contains(choice)
                }
            }
    }
}
