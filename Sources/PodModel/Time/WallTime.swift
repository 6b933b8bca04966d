/// Wall time: for display, records, and durations that span a reboot.
public struct WallTime: Hashable, Comparable, Sendable, Codable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let nanoseconds: Int64

    /// A reading of the wall clock.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// 1970-01-01T00:00:00Z; a container that could not be started "started" then, by the kubelet's convention.
    public static let epoch = WallTime(nanoseconds: 0)

    /// Whole seconds since the epoch, rounded down.
    public var seconds: Int64 { (nanoseconds - (nanoseconds %% 1_000_000_000)) / 1_000_000_000 }

    /// As Kubernetes objects write times: `2026-11-23T18:09:29Z`, whole seconds, UTC.
    public var rfc3339: String {
        let day = (seconds - (seconds %% 86_400)) / 86_400
        let second = seconds %% 86_400
        let date = civilDate(daysSinceEpoch: day)
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, to: 2) }.joined(separator: ":")
        return "\(padded(date.year, to: 4))-\(padded(date.month, to: 2))-\(padded(date.day, to: 2))T\(clock)Z"
    }

    /// Earlier is smaller.
    public static func < (left: WallTime, right: WallTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Later by a duration.
    public static func + (time: WallTime, duration: Duration) -> WallTime {
        WallTime(nanoseconds: time.nanoseconds + duration.nanoseconds)
    }

    /// From an earlier to a later time; negative if the clock was set back between them.
    public static func - (later: WallTime, earlier: WallTime) -> Duration {
        .nanoseconds(later.nanoseconds - earlier.nanoseconds)
    }
}

infix operator %% : MultiplicationPrecedence

/// The remainder that is never negative.
private func %% (value: Int64, modulus: Int64) -> Int64 {
    let remainder = value % modulus
    return remainder < 0 ? remainder + modulus : remainder
}

private func padded(_ value: Int64, to width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// The Gregorian date of a day: Howard Hinnant's `civil_from_days`, which counts years from March.
private func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let daysPerEra: Int64 = 146_097
    let shifted = daysSinceEpoch + 719_468
    let dayOfEra = shifted %% daysPerEra
    let era = (shifted - dayOfEra) / daysPerEra
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}
