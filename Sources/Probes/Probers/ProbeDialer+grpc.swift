import NIOCore
import NIOHTTP2

extension ProbeDialer {
    /// SERVING is a success. In plain text, over HTTP/2 known beforehand.
    func healthCheck(_ service: String, host: String, port: UInt16, timeout: Duration) async -> ProbeOutcome {
        let address = authority(host, port)
        do {
            let answer: HealthAnswer = try await nio.converse(host: host, port: port, timeout: timeout) {
                channel, answer in
                let multiplexer = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
                    mode: .client, connectionConfiguration: .init(), streamConfiguration: .init()
                ) { $0.close() }
                try channel.pipeline.syncOperations.addHandler(ConnectionEnd(answer))
                multiplexer.createStreamChannel(promise: nil) { stream in
                    stream.eventLoop.makeCompletedFuture {
                        try stream.pipeline.syncOperations.addHandler(
                            HealthExchange(service: service, authority: address, answer: answer))
                    }
                }
            }
            return answer.outcome(timeout: timeout)
        } catch DialFailure.timedOut {
            return .failure("timeout: health rpc did not complete within \(timeout.inWords)")
        } catch let error as DialFailure {
            return .failure(
                "error: failed to connect service at \(quoted(address)): \(error.words(host, port))")
        } catch {
            return HealthAnswer.failed("Unavailable", "\(error)")
        }
    }
}

/// Fails the check when the connection does, whatever became of the stream.
private final class ConnectionEnd: ChannelInboundHandler {
    typealias InboundIn = Never

    private let answer: EventLoopPromise<HealthAnswer>

    init(_ answer: EventLoopPromise<HealthAnswer>) { self.answer = answer }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { answer.fail(error) }

    func channelInactive(context: ChannelHandlerContext) {
        answer.succeed(HealthAnswer(code: nil, message: "", frame: []))
        context.fireChannelInactive()
    }
}
