import NIOHTTP1
import Testing

@testable import ImageStore

@Suite("When a registry is asked again")
struct RetriesTests {
    @Test(
        "it may say so in seconds or by a time",
        arguments: [
            ("30", 30), ("Wed, 21 Oct 2015 07:28:00 GMT", 60), ("Wed, 21 Oct 2015 07:26:00 GMT", 0), ("soon", nil),
            ("", nil),
            ("Wed, 21 Oct 2015 07:28:00 GMT and more", nil),
        ] as [(String, Int?)])
    func wish(header: String, seconds: Int?) {
        // 2015-10-21T07:27:00Z
        #expect(Retries.wish(in: header, now: 1_445_412_420) == seconds)
    }

    @Test("never sooner than it asks for, never later than the cap")
    func pause() {
        var retries = Retries()
        retries.jitter = { 1 }

        #expect(retries.pause(after: 0, wish: nil) == .milliseconds(500))
        #expect(retries.pause(after: 3, wish: nil) == .seconds(4))
        #expect(retries.pause(after: 0, wish: 7) == .seconds(7))
        #expect(retries.pause(after: 0, wish: 4000) == .seconds(30))
        #expect(retries.pause(after: 60, wish: nil) == .seconds(30))
    }

    @Test(
        "only what may be another answer a moment later",
        arguments: [(429, true), (503, true), (404, false), (401, false)])
    func passing(code: Int, isPassing: Bool) {
        #expect(Retries.isPassing(HTTPResponseStatus(statusCode: code)) == isPassing)
    }
}
