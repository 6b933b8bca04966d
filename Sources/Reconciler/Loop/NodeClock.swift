import PodModel

/// Time, handed in: the machine's clocks, or a test's.
public protocol NodeClock: Sendable {
    /// Both clocks, and the boot they are read in.
    func now() -> Moment

    /// Returns at a time of the boot clock, or throws `CancellationError` when the task is cancelled.
    func sleep(until deadline: BootTime) async throws
}
