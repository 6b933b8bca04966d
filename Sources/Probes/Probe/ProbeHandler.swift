/// What a probe tries.
public enum ProbeHandler: Hashable, Sendable {
    /// A GET that must be answered with 200 to 399.
    case httpGet(HTTPGetProbe)
    /// A connection that must be accepted.
    case tcpSocket(TCPSocketProbe)
    /// A command that must end with 0, run inside the container. `$(VAR)` is already expanded.
    case exec([String])
    /// A health check that must be answered with SERVING.
    case grpc(GRPCProbe)
}

/// A port, by number or by the name that the container gives it.
public enum ProbePort: Hashable, Sendable {
    /// 1 to 65535.
    case number(UInt16)
    /// A name in the container's `ports`.
    case name(String)
}

/// `httpGet`: dialled from the node.
public struct HTTPGetProbe: Hashable, Sendable {
    /// `http` or `https`; certificates are not verified.
    public enum Scheme: String, Hashable, Sendable {
        /// Plain text.
        case http
        /// TLS, whatever certificate the server shows.
        case https
    }

    /// One header of the request.
    public struct Header: Hashable, Sendable {
        /// Its name, as written.
        public var name: String
        /// Its value, as written.
        public var value: String

        /// Puts a header together.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// How to speak.
    public var scheme: Scheme
    /// Whom to dial; nil dials the Pod.
    public var host: String?
    /// Where it listens.
    public var port: ProbePort
    /// Path and query, as written.
    public var path: String
    /// Headers beside the usual ones; `Host`, `User-Agent` and `Accept` replace those, an empty `Accept` removes it.
    public var headers: [Header]

    /// A GET of `/` over plain HTTP, unless said otherwise.
    public init(
        scheme: Scheme = .http, host: String? = nil, port: ProbePort, path: String = "/", headers: [Header] = []
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.headers = headers
    }
}

/// `tcpSocket`: dialled from the node.
public struct TCPSocketProbe: Hashable, Sendable {
    /// Whom to dial; nil dials the Pod.
    public var host: String?
    /// Where it listens.
    public var port: ProbePort

    /// Puts a handler together.
    public init(host: String? = nil, port: ProbePort) {
        self.host = host
        self.port = port
    }
}

/// `grpc`: `grpc.health.v1.Health/Check` in plain text, dialled from the node.
public struct GRPCProbe: Hashable, Sendable {
    /// Where the Pod listens.
    public var port: UInt16
    /// The service to ask about; empty asks about the whole server.
    public var service: String

    /// Puts a handler together.
    public init(port: UInt16, service: String = "") {
        self.port = port
        self.service = service
    }
}
