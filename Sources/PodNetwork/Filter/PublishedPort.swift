/// A transport whose ports can be published.
public enum PortTransport: UInt8, Sendable, Hashable, CaseIterable, Comparable {
    /// IPPROTO_TCP.
    case tcp = 6
    /// IPPROTO_UDP.
    case udp = 17

    /// As Kubernetes writes it.
    public var name: String { self == .tcp ? "TCP" : "UDP" }

    /// By the number of the protocol.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A port of the node: of all its addresses, or of one of them.
public struct NodePort: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The transport.
    public let transport: PortTransport
    /// The address it is a port of; nil for every address of the node.
    public let address: IPv4Address?
    /// The number.
    public let number: UInt16

    /// A port of the node.
    public init(_ transport: PortTransport, _ number: UInt16, of address: IPv4Address? = nil) {
        self.transport = transport
        self.address = address
        self.number = number
    }

    /// `8080/TCP`, `127.0.0.1:53/UDP`.
    public var description: String { "\(address.map { "\($0):" } ?? "")\(number)/\(transport.name)" }

    /// By number, transport, address.
    public static func < (left: Self, right: Self) -> Bool {
        (left.number, left.transport.rawValue, left.address?.bits ?? 0)
            < (right.number, right.transport.rawValue, right.address?.bits ?? 0)
    }
}

/// A port of the node that leads to a port of a Pod.
public struct PublishedPort: Sendable, Hashable {
    /// Where it is reached.
    public let port: NodePort
    /// The Pod's address.
    public let target: IPv4Address
    /// The port inside the Pod.
    public let targetPort: UInt16
    /// Whose it is, for whoever looks at the rules: `namespace/name`.
    public let owner: String

    /// A published port.
    public init(_ port: NodePort, to target: IPv4Address, _ targetPort: UInt16, owner: String) {
        self.port = port
        self.target = target
        self.targetPort = targetPort
        self.owner = owner
    }
}
