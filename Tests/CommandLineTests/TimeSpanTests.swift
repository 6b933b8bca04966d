import Testing

@testable import reconcile_agent

@Suite("Durations on the command line")
struct TimeSpanTests {
    @Test(
        "a number and a unit, as often as it takes",
        arguments: [
            ("250ms", Duration.milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)),
            ("1h30m", .seconds(5400)),
            ("0s", .zero),
        ])
    func reads(text: String, expected: Duration) {
        #expect(TimeSpan(argument: text)?.duration == expected)
    }

    @Test("anything else is refused", arguments: ["", "30", "s", "-5s", "5 s", "1.5h", "5d", "99999999999s"])
    func refuses(text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }
}
