/// A check that is made of a container again and again (core/v1 Probe): exactly one of the four handlers is set.
public struct Probe: Sendable, Hashable {
    /// A command that must end with 0.
    public var exec: ExecAction?
    /// A GET that must be answered with 200 to 399.
    public var httpGet: HTTPGetAction?
    /// A connection that must be accepted.
    public var tcpSocket: TCPSocketAction?
    /// A health check that must be answered with SERVING.
    public var grpc: GRPCAction?
    /// Seconds from the container's start to the first check; nil for none.
    public var initialDelaySeconds: Int?
    /// Seconds that one check may take.
    public var timeoutSeconds: Int
    /// Seconds from one check to the next.
    public var periodSeconds: Int
    /// How many successes in a row make a success.
    public var successThreshold: Int
    /// How many failures in a row make a failure.
    public var failureThreshold: Int
    /// Seconds between stop signal and kill when this probe has the container stopped; nil for the Pod's.
    public var terminationGracePeriodSeconds: Int?

    /// A probe with Kubernetes' defaults.
    public init(
        exec: ExecAction? = nil, httpGet: HTTPGetAction? = nil, tcpSocket: TCPSocketAction? = nil,
        grpc: GRPCAction? = nil, initialDelaySeconds: Int? = nil, timeoutSeconds: Int = 1, periodSeconds: Int = 10,
        successThreshold: Int = 1, failureThreshold: Int = 3, terminationGracePeriodSeconds: Int? = nil
    ) {
        self.exec = exec
        self.httpGet = httpGet
        self.tcpSocket = tcpSocket
        self.grpc = grpc
        self.initialDelaySeconds = initialDelaySeconds
        self.timeoutSeconds = timeoutSeconds
        self.periodSeconds = periodSeconds
        self.successThreshold = successThreshold
        self.failureThreshold = failureThreshold
        self.terminationGracePeriodSeconds = terminationGracePeriodSeconds
    }

    /// Zero stands for what is not written (Kubernetes' defaulting).
    mutating func replaceZeros() {
        if timeoutSeconds == 0 { timeoutSeconds = 1 }
        if periodSeconds == 0 { periodSeconds = 10 }
        if successThreshold == 0 { successThreshold = 1 }
        if failureThreshold == 0 { failureThreshold = 3 }
    }
}
