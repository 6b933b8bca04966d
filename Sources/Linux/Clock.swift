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
