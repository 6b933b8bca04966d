import PodModel

/// A time of a Kubernetes object, as `kubectl describe` prints it: `Mon, 23 Nov 2026 18:09:29 +0000` (RFC 1123, UTC).
struct Timestamp: Hashable, Sendable, CustomStringConvertible {
    let time: WallTime

    /// Reads `2026-11-23T18:09:29Z`, with or without parts of a second; nil when it is anything else.
    init?(rfc3339 text: String) {
        let form = /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?Z/
        guard let match = text.wholeMatch(of: form)?.output,
            let year = Int64(match.1), let month = Int64(match.2), let day = Int64(match.3), let hour = Int64(match.4),
            let minute = Int64(match.5), let second = Int64(match.6)
        else { return nil }
        let days = daysSinceEpoch(year: year, month: month, day: day)
        time = WallTime(nanoseconds: (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000_000)
    }

    var description: String {
        // `rfc3339` is the one place that knows the calendar; a weekday follows from the count of days.
        let parts = time.rfc3339.split { "-T:Z".contains($0) }
        let days = (time.seconds >= 0 ? time.seconds : time.seconds - 86_399) / 86_400
        let weekday = Self.weekdays[Int(((days + 4) % 7 + 7) % 7)]
        guard parts.count == 6, let month = Int(parts[1]), Self.months.indices.contains(month - 1) else {
            return time.rfc3339
        }
        return "\(weekday), \(parts[2]) \(Self.months[month - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) +0000"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

/// The Gregorian day's number: Howard Hinnant's `days_from_civil`, which counts years from March.
private func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}
