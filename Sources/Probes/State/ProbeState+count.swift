import PodModel

/// Counts outcomes and publishes a result.
///
/// The kubelet's rules: outcomes in a row count; below the threshold the published result stays; what restarts a
/// container, or says that it started, says so once and is then silent for the rest of this life.
extension ProbeState {
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
