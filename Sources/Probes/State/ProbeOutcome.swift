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
