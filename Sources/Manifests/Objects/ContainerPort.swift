/// A port a container says it listens on; a statement, not a firewall (core/v1 ContainerPort). With a host port it is
/// reached at the node too.
public struct ContainerPort: Sendable, Hashable {
    /// The name probes and Services may use; nil for none.
    public var name: String?
    /// The port, 1 to 65535.
    public var containerPort: Int
    /// The transport.
    public var `protocol`: TransportProtocol
    /// The node's port that leads to it; nil for none.
    public var hostPort: Int?
    /// The one address of the node that it is a port of; nil for every address.
    public var hostIP: String?

    /// A port with Kubernetes' defaults.
    public init(
        name: String? = nil, containerPort: Int, protocol: TransportProtocol = .tcp, hostPort: Int? = nil,
        hostIP: String? = nil
    ) {
        self.name = name
        self.containerPort = containerPort
        self.protocol = `protocol`
        self.hostPort = hostPort
        self.hostIP = hostIP
    }
}

/// A transport protocol of a port.
public enum TransportProtocol: String, Sendable, Hashable, Codable, CaseIterable {
    /// TCP.
    case tcp = "TCP"
    /// UDP.
    case udp = "UDP"
}
