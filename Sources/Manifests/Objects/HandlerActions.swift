/// A command run inside a container (core/v1 ExecAction).
public struct ExecAction: Sendable, Hashable {
    /// The program and its arguments; there is no shell in it.
    public var command: [String]

    /// An action.
    public init(command: [String]) { self.command = command }
}

/// A GET sent from the node (core/v1 HTTPGetAction).
public struct HTTPGetAction: Sendable, Hashable {
    /// Path and query.
    public var path: String
    /// Where it is sent to.
    public var port: PortReference
    /// Whom it is sent to; nil for the Pod.
    public var host: String?
    /// How to speak.
    public var scheme: URIScheme
    /// Headers beside the usual ones.
    public var httpHeaders: [HTTPHeader]

    /// An action with Kubernetes' defaults.
    public init(
        path: String = "/", port: PortReference, host: String? = nil, scheme: URIScheme = .http,
        httpHeaders: [HTTPHeader] = []
    ) {
        self.path = path
        self.port = port
        self.host = host
        self.scheme = scheme
        self.httpHeaders = httpHeaders
    }
}

/// How an HTTP server is spoken to.
public enum URIScheme: String, Sendable, Hashable, Codable, CaseIterable {
    /// In plain text.
    case http = "HTTP"
    /// Over TLS; certificates are not verified.
    case https = "HTTPS"
}

/// One header of a request (core/v1 HTTPHeader).
public struct HTTPHeader: Sendable, Hashable {
    /// Its name, as written.
    public var name: String
    /// Its value.
    public var value: String

    /// A header.
    public init(name: String, value: String = "") {
        self.name = name
        self.value = value
    }
}

/// A connection made from the node (core/v1 TCPSocketAction).
public struct TCPSocketAction: Sendable, Hashable {
    /// Where it leads to.
    public var port: PortReference
    /// Whom it leads to; nil for the Pod.
    public var host: String?

    /// An action.
    public init(port: PortReference, host: String? = nil) {
        self.port = port
        self.host = host
    }
}

/// A health check of gRPC's own protocol (core/v1 GRPCAction).
public struct GRPCAction: Sendable, Hashable {
    /// Where the Pod listens.
    public var port: Int
    /// The service that is asked about; empty for the server as a whole.
    public var service: String

    /// An action.
    public init(port: Int, service: String = "") {
        self.port = port
        self.service = service
    }
}

/// A port, by number or by the name that its container gives it.
public enum PortReference: Sendable, Hashable {
    /// 1 to 65535.
    case number(Int)
    /// A name in the container's `ports`.
    case name(String)
}
