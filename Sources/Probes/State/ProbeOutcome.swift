/// How one try of a probe ended.
public enum ProbeOutcome: Hashable, Sendable {
    /// It did what it must.
    case success
    /// It did, but something about it is worth an event.
    case warning(String)
    /// It did not; why, for a person.
    case failure(String)
    /// It could not be tried, which says nothing about the container; why, for a person.
    case error(String)
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
