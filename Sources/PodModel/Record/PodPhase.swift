/// A Pod's phase, in Kubernetes' words.
public enum PodPhase: String, Hashable, Sendable, Codable {
    /// Accepted; some container never started yet.
    case pending = "Pending"
    /// At least one container runs or will be restarted.
    case running = "Running"
    /// Every container ended well and none will be restarted. Sticky.
    case succeeded = "Succeeded"
    /// Every container ended, one of them badly, and none will be restarted. Sticky.
    case failed = "Failed"

    /// A Pod never leaves this phase.
    public var isTerminal: Bool { self == .succeeded || self == .failed }
}
