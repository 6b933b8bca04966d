import PodModel

/// One probe of a container, every default filled in.
public struct Probe: Hashable, Sendable {
    /// What is tried.
    public var handler: ProbeHandler
    /// From the container's start to the first try; whole seconds.
    public var initialDelay: Duration
    /// How long one try may take; at least one second.
    public var timeout: Duration
    /// From one try to the next; at least one second.
    public var period: Duration
    /// How many successes in a row make a success; 1 for liveness and startup.
    public var successThreshold: Int
    /// How many failures in a row make a failure.
    public var failureThreshold: Int
    /// The grace period of a stop that this probe causes, instead of the Pod's; nil leaves the Pod's.
    public var gracePeriod: Duration?

    /// A probe with the defaults of the Kubernetes API: one second in ten, one success, three failures.
    public init(
        _ handler: ProbeHandler, initialDelay: Duration = .zero, timeout: Duration = .seconds(1),
        period: Duration = .seconds(10), successThreshold: Int = 1, failureThreshold: Int = 3,
        gracePeriod: Duration? = nil
    ) {
        self.handler = handler
        self.initialDelay = initialDelay
        self.timeout = timeout
        self.period = period
        self.successThreshold = successThreshold
        self.failureThreshold = failureThreshold
        self.gracePeriod = gracePeriod
    }
}

/// The probes of one container.
public typealias ContainerProbes = PerProbe<Probe>
