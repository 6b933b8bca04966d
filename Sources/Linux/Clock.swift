import Glibc

/// Time since boot, sleep included: for durations and deadlines (CLOCK_BOOTTIME).
public struct BootInstant: Hashable, Comparable, Sendable, Codable {
    /// Nanoseconds since boot.
    public let nanoseconds: UInt64

    /// A reading of the boot clock.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Now.
    public static func now() -> BootInstant { BootInstant(nanoseconds: reading(CLOCK_BOOTTIME)) }

    /// Earlier is smaller.
    public static func < (left: BootInstant, right: BootInstant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Later by a duration, which may be any; not before the boot, and at most 584 years after it.
    public static func + (instant: BootInstant, duration: Duration) -> BootInstant {
        let (seconds, rest) = duration.components
        let fraction = UInt64(clamping: rest / 1_000_000_000)
        let (whole, isTooLong) = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (length, isLonger) = whole.addingReportingOverflow(fraction)
        let (sum, isOver) = instant.nanoseconds.addingReportingOverflow(length)
        return BootInstant(nanoseconds: isTooLong || isLonger || isOver ? .max : sum)
    }

    /// How long it is until then; not less than nothing.
    public var remaining: Duration {
        let now = Self.now().nanoseconds
        return nanoseconds > now ? .nanoseconds(Int64(clamping: nanoseconds - now)) : .zero
    }
}

/// Wall time, for display and records (CLOCK_REALTIME).
public struct WallInstant: Hashable, Comparable, Sendable, Codable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let nanoseconds: UInt64

    /// A reading of the wall clock.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Now.
    public static func now() -> WallInstant { WallInstant(nanoseconds: reading(CLOCK_REALTIME)) }

    /// Earlier is smaller.
    public static func < (left: WallInstant, right: WallInstant) -> Bool { left.nanoseconds < right.nanoseconds }
}

private func reading(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
