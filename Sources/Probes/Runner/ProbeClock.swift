import Linux
import PodModel

/// Time, handed in: the machine's boot clock, or a test's.
public protocol ProbeClock: Sendable {
    /// Time since boot.
    func now() -> BootTime

    /// Returns at a time of the boot clock, or throws `CancellationError` when the task is cancelled.
    func sleep(until deadline: BootTime) async throws
}

/// The machine's boot clock.
public struct MachineProbeClock: ProbeClock {
    private let poller: Poller

    /// - Parameter poller: where to sleep.
    public init(sleepingOn poller: Poller) { self.poller = poller }

    /// Time since boot, sleep included.
    public func now() -> BootTime { BootTime(nanoseconds: Int64(clamping: BootInstant.now().nanoseconds)) }

    /// Sleeps.
    public func sleep(until deadline: BootTime) async throws {
        try await poller.sleep(until: BootInstant(nanoseconds: UInt64(clamping: deadline.nanoseconds)))
    }
}
