/// Tries what a probe tries, once.
public protocol Prober: Sendable {
    /// Tries it.
    ///
    /// Returns within `timeout` and a moment, and at once when the task is cancelled. What took too long is a failure;
    /// only what says nothing about the container is an error.
    func probe(_ handler: ProbeHandler, of container: ProbedContainer, timeout: Duration) async -> ProbeOutcome
}
