import NIOCore
import NIOHTTP2
import Synchronization

extension ProbeDialer {
    /// SERVING is a success. In plain text, over HTTP/2 known beforehand.
    func healthCheck(_ service: String, host: String, port: UInt16, timeout: Duration) async -> ProbeOutcome {
        let address = authority(host, port)
        let greeting = Greeting()
        // gRPC connects again and again until the time is over, and says no more than that. Nobody waits for that here.
        let unconnected = ProbeOutcome.failure(
            "timeout: failed to connect service \(quoted(address)) within \(timeout.inWords): context deadline exceeded"
        )
        do {
            let answer: HealthAnswer = try await nio.converse(host: host, port: port, timeout: timeout) {
                channel, answer in
                let multiplexer = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
                    mode: .client, connectionConfiguration: .init(), streamConfiguration: .init()
                ) { $0.close() }
                try channel.pipeline.syncOperations.addHandler(HealthConnection(answer, greeting))
                multiplexer.createStreamChannel(promise: nil) { stream in
                    stream.eventLoop.makeCompletedFuture {
                        try stream.pipeline.syncOperations.addHandler(
                            HealthExchange(service: service, authority: address, answer: answer))
                    }
                }
            }
            return greeting.hasCome ? answer.outcome(timeout: timeout) : unconnected
        } catch {
            guard greeting.hasCome else { return unconnected }
            if case DialFailure.timedOut = error { return HealthAnswer.late(timeout) }
            return HealthAnswer.failed("Unavailable", "\(error)")
        }
    }
}

/// Whether the server has spoken HTTP/2: before that, gRPC does not call it a connection.
private final class Greeting: Sendable {
    private let came = Atomic(false)

    var hasCome: Bool { came.load(ordering: .acquiring) }

    func note() { came.store(true, ordering: .releasing) }
}

/// Hears the server's greeting, and fails the check when the connection does, whatever became of the stream.
private final class HealthConnection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let answer: EventLoopPromise<HealthAnswer>
    private let greeting: Greeting

    init(_ answer: EventLoopPromise<HealthAnswer>, _ greeting: Greeting) {
        (self.answer, self.greeting) = (answer, greeting)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .settings(.settings) = unwrapInboundIn(data).payload { greeting.note() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { answer.fail(error) }

    func channelInactive(context: ChannelHandlerContext) {
        answer.succeed(HealthAnswer(code: nil, message: "", frame: []))
        context.fireChannelInactive()
    }
}
