/// Appends `2026-11-23T18:09:29.000000001Z` for a wall time in nanoseconds since 1970.
///
/// Always nine digits and always UTC, so that lines sort as text. The civil date follows the usual days-from-civil
/// arithmetic of the proleptic Gregorian calendar.
public func appendRFC3339(nanoseconds: UInt64, to output: inout [UInt8]) {
    let seconds = nanoseconds / 1_000_000_000
    let days = Int64(seconds / 86_400)
    let second = seconds % 86_400
    let shifted = days + 719_468  // days since 0000-03-01
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)

    digits(UInt64(year), 4, &output)
    output.append(0x2D)
    digits(UInt64(month), 2, &output)
    output.append(0x2D)
    digits(UInt64(day), 2, &output)
    output.append(0x54)
    digits(second / 3_600, 2, &output)
    output.append(0x3A)
    digits(second / 60 % 60, 2, &output)
    output.append(0x3A)
    digits(second % 60, 2, &output)
    output.append(0x2E)
    digits(nanoseconds % 1_000_000_000, 9, &output)
    output.append(0x5A)
}

private func digits(_ number: UInt64, _ width: Int, _ output: inout [UInt8]) {
    let start = output.count
    for _ in 0..<width { output.append(0x30) }
    var rest = number
    var place = start + width
    while place > start {
        place -= 1
        output[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
        rest /= 10
    }
}
