/// What the probes of a container say together.
public struct ProbeVerdict: Hashable, Sendable, Codable {
    /// The container runs and its startup probe, if it has one, succeeded.
    public let isStarted: Bool
    /// It started and its readiness probe, if it has one, says that it is ready.
    public let isReady: Bool
    /// Why the container must be stopped; nil if it need not.
    public let failure: ProbeFailure?

    /// Of a container that does not run.
    public static let notRunning = ProbeVerdict(isStarted: false, isReady: false, failure: nil)

    /// Puts a verdict together.
    public init(isStarted: Bool, isReady: Bool, failure: ProbeFailure?) {
        self.isStarted = isStarted
        self.isReady = isReady
        self.failure = failure
    }
}

/// A probe that failed so often that its container must be stopped.
public struct ProbeFailure: Hashable, Sendable, Codable {
    /// Liveness or startup.
    public let kind: ProbeKind
    /// The grace period of this stop, instead of the Pod's; nil leaves the Pod's.
    public let gracePeriod: Duration?

    /// Puts a failure together.
    public init(kind: ProbeKind, gracePeriod: Duration?) {
        self.kind = kind
        self.gracePeriod = gracePeriod
    }

    /// The kubelet's message of the event `Killing`: `Container web failed liveness probe`.
    ///
    /// Where the restart policy allows, the kubelet adds `, will be restarted`.
    public func message(container: String) -> String { "Container \(container) failed \(kind.rawValue) probe" }
}
