/// A port of the node that a Pod asks for.
public struct HostPort: Sendable, Hashable, CustomStringConvertible {
    /// The transport.
    public let `protocol`: TransportProtocol
    /// The address of the node that it is a port of; nil for every address.
    public let address: String?
    /// The node's port.
    public let port: Int
    /// The port of the Pod that it leads to.
    public let containerPort: Int

    /// The port that a container's port asks for; nil if it asks for none.
    public init?(_ port: ContainerPort) {
        guard let number = port.hostPort else { return nil }
        `protocol` = port.protocol
        address = port.hostIP.flatMap { $0 == "0.0.0.0" ? nil : $0 }
        self.port = number
        containerPort = port.containerPort
    }

    /// Whether not both can be had: the same port of one address, or of all of them (kube-scheduler, `HostPortInfo`).
    public func excludes(_ other: HostPort) -> Bool {
        port == other.port && `protocol` == other.protocol
            && (address == nil || other.address == nil || address == other.address)
    }

    /// `8080/TCP`, `127.0.0.1:8080/TCP`.
    public var description: String { "\(address.map { "\($0):" } ?? "")\(port)/\(`protocol`.rawValue)" }
}

extension PodSpec {
    /// The ports of the node that it asks for, of what runs as long as it does.
    public var hostPorts: [HostPort] { lastingContainers.flatMap(\.ports).compactMap(HostPort.init) }

    /// Fills in that what listens in the node's network is reached at the node (`SetDefaults_HostNetworkPorts`).
    mutating func takePortsOfHostNetwork() {
        guard namespaces.hostNetwork == true else { return }
        func publish(_ containers: inout [Container]) {
            for index in containers.indices {
                for port in containers[index].ports.indices where containers[index].ports[port].hostPort == nil {
                    containers[index].ports[port].hostPort = containers[index].ports[port].containerPort
                }
            }
        }
        publish(&containers)
        publish(&initContainers)
    }
}
