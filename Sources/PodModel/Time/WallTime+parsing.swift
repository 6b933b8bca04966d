extension WallTime {
    /// Reads `2026-11-23T18:09:29.5Z` or the same with an offset such as `+01:00` (RFC 3339); nil for anything else.
    public init?(rfc3339 text: String) {
        let form =
            /(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[Tt](?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<part>\d{1,9})\d*)?(?<zone>[Zz]|[+-]\d\d:\d\d)/
        guard let found = text.wholeMatch(of: form)?.output else { return nil }
        func number(_ digits: Substring) -> Int64 { Int64(digits) ?? 0 }
        let (month, day) = (number(found.month), number(found.day))
        let (hour, minute, second) = (number(found.hour), number(found.minute), number(found.second))
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61,
            let offset = Self.offset(found.zone)
        else { return nil }
        let days = daysSinceEpoch(year: number(found.year), month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        let part = found.part.map { number($0 + String(repeating: "0", count: 9 - $0.count)) } ?? 0
        self.init(nanoseconds: seconds * 1_000_000_000 + part)
    }

    /// Seconds east of Greenwich.
    private static func offset(_ zone: Substring) -> Int64? {
        if zone == "Z" || zone == "z" { return 0 }
        let parts = zone.dropFirst().split(separator: ":").compactMap { Int64($0) }
        guard parts.count == 2, parts[0] < 24, parts[1] < 60 else { return nil }
        return (zone.hasPrefix("-") ? -1 : 1) * (parts[0] * 3_600 + parts[1] * 60)
    }
}

/// The days from 1970-01-01 to a Gregorian date: Howard Hinnant's `days_from_civil`, for years from 0 on.
private func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}
