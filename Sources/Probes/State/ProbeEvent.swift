import PodModel

/// What a try of a probe has people told: a warning in the kubelet's words.
public struct ProbeEvent: Hashable, Sendable {
    /// `Unhealthy` or `ProbeWarning`.
    public let reason: String
    /// For example `Liveness probe failed: HTTP probe failed with statuscode: 500`.
    public let message: String

    /// The event of an outcome; nil of one that is as it should be.
    init?(_ outcome: ProbeOutcome, of kind: ProbeKind) {
        switch outcome {
        case .success: return nil
        case .warning(let detail): (reason, message) = ("ProbeWarning", "\(kind) probe warning: \(detail)")
        case .failure(let detail): (reason, message) = ("Unhealthy", "\(kind) probe failed: \(detail)")
        case .error(let detail):
            (reason, message) = ("Unhealthy", "\(kind) probe errored and resulted in unknown state: \(detail)")
        }
    }
}
