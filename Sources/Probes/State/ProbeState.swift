/// Where one probe of one life of a container stands: counts outcomes and publishes a result.
///
/// The kubelet's rules: outcomes in a row count; below the threshold the published result stays; what restarts a
/// container, or says that it started, says so once and is then silent for the rest of this life.
public struct ProbeState: Hashable, Sendable, Codable {
    /// What the probe says.
    public private(set) var result: ProbeResult
    /// Nothing more is tried in this life of the container.
    public private(set) var isOnHold: Bool
    /// What was counted last; unknown before the first.
    private var last: ProbeResult
    /// How often in a row.
    private var run: Int

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

    /// Counts one try that succeeded or failed.
    mutating func count(isSuccess: Bool, of kind: ProbeKind, by probe: Probe) {
        let counted: ProbeResult = isSuccess ? .success : .failure
        run = counted == last ? run + 1 : 1
        last = counted
        guard run >= (isSuccess ? probe.successThreshold : probe.failureThreshold) else { return }
        result = counted
        isOnHold = kind == .startup || (kind == .liveness && !isSuccess)
        // Counted no further than needed: a state that says the same is the same.
        run = max(probe.successThreshold, probe.failureThreshold)
    }

    /// The container or its Pod ends: what the probe says from now on, without trying.
    mutating func close(as result: ProbeResult) {
        self.result = result
        isOnHold = true
    }
}
