import NIOCore
import NIOHTTP1
import Synchronization

extension ProbeDialer {
    /// How many requests one try may send, redirects of the same host included.
    private static let requestLimit = 10

    /// 200 to 399 is a success; a redirect to another host is one with a warning, and not followed.
    func httpGet(_ first: HTTPRequest, timeout: Duration) async -> ProbeOutcome {
        let deadline = ContinuousClock.now + timeout
        var request = first
        for _ in 0..<Self.requestLimit {
            let phase = HTTPPhase()
            let answer: HTTPAnswer
            do {
                answer = try await send(request, timeout: ContinuousClock.now.duration(to: deadline), phase)
            } catch {
                return phase.outcome(of: error, request)
            }
            guard let location = answer.redirect else { return answer.outcome }
            guard let next = request.place.following(location) else {
                return .failure(
                    "Get \(quoted(request.place.url)): unsupported Location \(quoted(location))")
            }
            if next.host != first.place.host { return answer.outcome }
            request = request.redirected(to: next)
        }
        return .failure(
            "Get \(quoted(request.place.url)): stopped after \(Self.requestLimit) redirects")
    }

    private func send(_ request: HTTPRequest, timeout: Duration, _ phase: HTTPPhase) async throws -> HTTPAnswer {
        let place = request.place
        return try await converse(host: place.host, port: place.port, timeout: timeout) {
            channel, answer in
            if place.scheme == .https { try addTLS(channel, host: place.host) }
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            try channel.pipeline.syncOperations.addHandler(
                HTTPExchange(request, answer: answer) { phase.noteHead() })
        }
    }
}

/// How far a request came, which decides what its failure means.
///
/// The kubelet's rule: without a status it is a failure; a body that breaks off is an error, which counts as nothing.
private final class HTTPPhase: Sendable {
    private let isAnswered = Mutex(false)

    func noteHead() { isAnswered.withLock { $0 = true } }

    func outcome(of error: any Error, _ request: HTTPRequest) -> ProbeOutcome {
        let isAnswered = isAnswered.withLock { $0 }
        if isAnswered {
            if case DialFailure.timedOut = error {
                return .error(
                    "context deadline exceeded (Client.Timeout or context cancellation while reading body)")
            }
            return .error("unexpected EOF")
        }
        return .failure("Get \(quoted(request.place.url)): \(words(for: error, request.place))")
    }

    private func words(for error: any Error, _ place: HTTPPlace) -> String {
        switch error {
        case DialFailure.timedOut:
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        case let error as DialFailure: error.words(place.host, place.port)
        case let error as IOError:
            "read tcp \(authority(place.host, place.port)): \(DialFailure(error).reason)"
        case ChannelError.eof, HTTPParserError.invalidEOFState: "EOF"
        case let error as HTTPParserError: "malformed HTTP response: \(error)"
        default: place.scheme == .https ? "tls: \(error)" : "\(error)"
        }
    }
}

extension DialFailure {
    fileprivate var reason: String {
        if case .refused(let reason) = self { reason } else { "\(self)" }
    }
}
