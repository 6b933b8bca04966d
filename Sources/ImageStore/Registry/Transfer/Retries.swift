import FoundationEssentials
import NIOHTTP1

/// When a request is sent again that met a fault of the moment: a lost connection, 429, 500, 502, 503, 504.
struct Retries: Sendable {
    /// How often one request is sent at the most.
    var attempts = 5
    /// The same of one that met no answer at all: nobody listens there, or nobody knows the name.
    var connectionAttempts = 3
    /// The first pause; each further one is twice as long.
    var base = Duration.milliseconds(500)
    /// The longest pause, whatever the registry asks for.
    var cap = Duration.seconds(30)
    /// How long an answer may show no sign of life before it is taken for lost.
    var silence = Duration.seconds(30)
    /// Returns after a time, or throws `CancellationError`.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// From 0.5 to 1: spreads nodes that were refused at the same time.
    var jitter: @Sendable () -> Double = { Double.random(in: 0.5...1) }

    /// The pause before the next attempt.
    ///
    /// - Parameters:
    ///   - attempt: the one that failed, from 0.
    ///   - wish: seconds that the registry asks to wait for (`Retry-After`).
    func pause(after attempt: Int, wish: Int?) -> Duration {
        let own = min(cap, base * (1 << min(attempt, 16))) * jitter()
        return min(cap, max(own, .seconds(max(0, wish ?? 0))))
    }

    /// The seconds that a `Retry-After` header asks to wait for: a number, or until a time (RFC 9110, 10.2.3); nil when it
    /// says neither.
    ///
    /// - Parameter now: in seconds since 1970.
    static func wish(in header: String, now: Int = Int(Date.now.timeIntervalSince1970)) -> Int? {
        if let seconds = Int(header) { return seconds }
        // Wed, 21 Oct 2015 07:28:00 GMT
        let parts = header.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: parts[2]) else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        let text = "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z"
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        return max(0, Int(date.timeIntervalSince1970) - now)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Whether an answer of this kind may be another one a moment later.
    static func isPassing(_ status: HTTPResponseStatus) -> Bool { [429, 500, 502, 503, 504].contains(status.code) }
}
