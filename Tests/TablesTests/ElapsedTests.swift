import Tables
import Testing

@Suite("The time something took")
struct ElapsedTests {
    @Test(
        "is told as exactly as a person wants it",
        arguments: [
            (Duration.milliseconds(-3), "0ms"), (.microseconds(400), "0ms"), (.milliseconds(12), "12ms"),
            (.milliseconds(999), "999ms"), (.milliseconds(1_000), "1.0s"), (.milliseconds(1_349), "1.3s"),
            (.milliseconds(30_080), "30.1s"), (.seconds(60), "60s"), (.seconds(125), "2m5s"), (.seconds(3_600), "60m"),
        ])
    func words(duration: Duration, words: String) {
        #expect(Elapsed(duration).description == words)
    }
}
