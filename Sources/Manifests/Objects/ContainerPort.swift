/// A port a container says it listens on; a statement, not a firewall (core/v1 ContainerPort).
public struct ContainerPort: Sendable, Hashable {
    /// The name probes and Services may use; nil for none.
    public var name: String?
    /// The port, 1 to 65535.
    public var containerPort: Int
    /// The transport.
    public var `protocol`: TransportProtocol

    /// A port with Kubernetes' defaults.
    public init(name: String? = nil, containerPort: Int, protocol: TransportProtocol = .tcp) {
        self.name = name
        self.containerPort = containerPort
        self.protocol = `protocol`
    }
}

/// A transport protocol of a port.
public enum TransportProtocol: String, Sendable, Hashable, Codable, CaseIterable {
    /// TCP.
    case tcp = "TCP"
    /// UDP.
    case udp = "UDP"
}
