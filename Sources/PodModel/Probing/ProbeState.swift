/// Where one probe of one life of a container stands.
public struct ProbeState: Hashable, Sendable, Codable {
    /// What the probe says.
    public var result: ProbeResult
    /// Nothing more is tried in this life of the container.
    public var isOnHold: Bool
    /// What was counted last; unknown before the first.
    public var last: ProbeResult
    /// How often in a row.
    public var run: Int

    /// Before the first try: alive, not ready, nobody knows whether started.
    public init(_ kind: ProbeKind) {
        result =
            switch kind {
            case .startup: .unknown
            case .liveness: .success
            case .readiness: .failure
            }
        isOnHold = false
        last = .unknown
        run = 0
    }
}

/// What a probe says about its container.
public enum ProbeResult: String, Hashable, Sendable, Codable {
    /// Nothing yet.
    case unknown
    /// It is not well, not started, or not ready.
    case failure
    /// It is well, started, or ready.
    case success
}
