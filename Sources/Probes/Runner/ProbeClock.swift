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
    /// The one there is.
    public init() {}

    /// Time since boot, sleep included.
    public func now() -> BootTime { BootTime(nanoseconds: Int64(clamping: BootInstant.now().nanoseconds)) }

    /// Sleeps; looks again afterwards, since the machine may have slept itself.
    public func sleep(until deadline: BootTime) async throws {
        while true {
            let left = deadline - now()
            if left <= .zero { return }
            try await Task.sleep(for: left)
        }
    }
}
