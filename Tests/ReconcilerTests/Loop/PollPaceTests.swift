import Testing

@testable import Reconciler

@Suite("The pace of polls")
struct PollPaceTests {
    @Test(
        "is the interval while the source answers, then doubles up to five minutes",
        arguments: [(0, 30), (1, 30), (2, 60), (3, 120), (4, 240), (5, 300), (6, 300), (1_000, 300)])
    func failing(failures: Int, seconds: Int) {
        var pace = PollPace()
        for _ in 0..<failures { pace.note(isAnswered: false) }

        #expect(pace.pause(.seconds(30)) == .seconds(seconds))
        pace.note(isAnswered: true)
        #expect(pace.pause(.seconds(30)) == .seconds(30))
    }

    @Test("is never faster than the user wants it")
    func slow() {
        var pace = PollPace()
        for _ in 0..<9 { pace.note(isAnswered: false) }

        #expect(pace.pause(.seconds(3600)) == .seconds(3600))
    }
}
