import PodModel
import Testing

@Suite("Times are read as RFC 3339 writes them")
struct TimeParsingTests {
    @Test(
        "with fractions and offsets",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-23T18:09:29Z", 1_795_457_369_000_000_000),
            ("2026-11-23T19:09:29+01:00", 1_795_457_369_000_000_000),
            ("2024-02-29T23:59:59.25Z", 1_709_251_199_250_000_000),
            ("2024-02-29T23:59:59.123456789z", 1_709_251_199_123_456_789),
        ] as [(String, Int64)])
    func reads(text: String, nanoseconds: Int64) {
        #expect(WallTime(rfc3339: text)?.nanoseconds == nanoseconds)
    }

    @Test("what was printed is read back", arguments: [0, 951_782_400, 1_709_251_199, 1_795_457_369] as [Int64])
    func roundTrip(seconds: Int64) {
        let time = WallTime(nanoseconds: seconds * 1_000_000_000)
        #expect(WallTime(rfc3339: time.rfc3339) == time)
    }

    @Test(
        "anything else is no time",
        arguments: [
            "", "yesterday", "2026-11-23", "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T18:09:29",
        ])
    func refuses(text: String) {
        #expect(WallTime(rfc3339: text) == nil)
    }
}
