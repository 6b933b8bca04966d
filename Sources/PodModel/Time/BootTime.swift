/// Time since boot, sleep included (CLOCK_BOOTTIME): for durations and deadlines within one boot.
public struct BootTime: Hashable, Comparable, Sendable, Codable {
    /// Nanoseconds since boot.
    public let nanoseconds: Int64

    /// A reading of the boot clock.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Earlier is smaller.
    public static func < (left: BootTime, right: BootTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Later by a duration; saturates, since a manifest may name any grace.
    public static func + (time: BootTime, duration: Duration) -> BootTime {
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(duration.nanoseconds)
        return BootTime(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// From an earlier to a later time.
    public static func - (later: BootTime, earlier: BootTime) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }
}

extension Duration {
    /// The whole duration in nanoseconds, cut off below; saturates after 292 years.
    public var nanoseconds: Int64 {
        let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return components.seconds < 0 ? .min : .max }
        return seconds + components.attoseconds / 1_000_000_000
    }
}
