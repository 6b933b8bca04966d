import Linux
import NIOCore
import Synchronization

extension ProbeDialer {
    /// How many requests one try may send, redirects of the same host included.
    private static let requestLimit = 10

    /// 200 to 399 is a success; a redirect to another host is one with a warning, and not followed.
    func httpGet(_ first: HTTPRequest, timeout: Duration) async -> ProbeOutcome {
        let deadline = BootInstant.now() + timeout
        var request = first
        for _ in 0..<Self.requestLimit {
            let reading = HTTPReading()
            do {
                try await send(request, until: deadline, into: reading)
            } catch {
                return reading.outcome(of: error, request.place)
            }
            let answer = reading.answer
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

    private func send(_ request: HTTPRequest, until deadline: BootInstant, into reading: HTTPReading) async throws {
        let bytes = try request.bytes()
        let place = request.place
        switch place.scheme {
        case .http:
            let connection = try await connect(to: place.host, port: place.port, until: deadline)
            try await connection.send(bytes)
            while try await !reading.take(connection.receive()) {}
        case .https:
            try await nio.converse(host: place.host, port: place.port, timeout: deadline.remaining) {
                [nio] channel, answer in
                try nio.addTLS(channel, host: place.host)
                try channel.pipeline.syncOperations.addHandler(HTTPExchange(bytes, reading, answer))
            }
        }
    }
}

/// One response as it comes, and how far it came, which decides what its failure means.
///
/// The kubelet's rule: without a status it is a failure; a body that breaks off is an error, which counts as nothing.
final class HTTPReading: Sendable {
    /// The server said no more before all was said.
    struct End: Error {}

    private let reader = Mutex(HTTPResponseReader())

    /// What was answered, as far as it came.
    var answer: HTTPAnswer { reader.withLock { $0.answer } }

    /// Takes in what came; nothing means that no more will come.
    ///
    /// - Returns: whether all has come.
    /// - Throws: `HTTPResponseReader.Malformed`, `End`.
    func take(_ bytes: [UInt8]) throws -> Bool {
        try reader.withLock { reader in
            if bytes.isEmpty {
                guard reader.end() else { throw End() }
            } else {
                try reader.take(bytes)
            }
            return reader.isOver
        }
    }

    /// What it means that nothing more can be read.
    func outcome(of error: any Error, _ place: HTTPPlace) -> ProbeOutcome {
        guard reader.withLock({ $0.hasHead }) else {
            return .failure("Get \(quoted(place.url)): \(words(for: error, place))")
        }
        switch error {
        case is TCPConnection.TimedOut, DialFailure.timedOut:
            return .error("context deadline exceeded (Client.Timeout or context cancellation while reading body)")
        case let error as HTTPResponseReader.Malformed: return .error("malformed HTTP response: \(error.reason)")
        default: return .error("unexpected EOF")
        }
    }

    private func words(for error: any Error, _ place: HTTPPlace) -> String {
        let peer = authority(place.host, place.port)
        return switch error {
        case is TCPConnection.TimedOut, DialFailure.timedOut:
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        case let error as DialFailure: error.words(place.host, place.port)
        case let error as SystemError:
            "\(error.call == "send" ? "write" : "read") tcp \(peer): \(error.reason.lowercased())"
        case let error as IOError:
            "read tcp \(peer): \(SystemError("recv", code: error.errnoCode).reason.lowercased())"
        case is End: "EOF"
        case let error as HTTPResponseReader.Malformed: "malformed HTTP response: \(error.reason)"
        case let error as HTTPRequest.Unsendable: "net/http: \(error.reason)"
        default: place.scheme == .https ? "tls: \(error)" : "\(error)"
        }
    }
}
