/// What a probe is for.
public enum ProbeKind: String, Hashable, Sendable, Codable, CaseIterable, CustomStringConvertible {
    /// Has the container finished starting? Until it has, the other two wait. Failing restarts the container.
    case startup
    /// Is the container still well? Failing restarts it.
    case liveness
    /// Can the container serve? Failing takes it out of service and restarts nothing.
    case readiness

    /// As events begin: `Startup`, `Liveness`, `Readiness`.
    public var description: String {
        switch self {
        case .startup: "Startup"
        case .liveness: "Liveness"
        case .readiness: "Readiness"
        }
    }

    /// Whether the container is restarted when the probe fails.
    public var restartsContainer: Bool { self != .readiness }
}
