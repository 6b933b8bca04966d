import NIOCore

extension ProbeDialer {
    /// A connection that is accepted is a success.
    func tcpConnect(to host: String, port: UInt16, timeout: Duration) async -> ProbeOutcome {
        do {
            try await converse(host: host, port: port, timeout: timeout) { channel, answer in
                try channel.pipeline.syncOperations.addHandler(Greeted(answer))
            }
            return .success
        } catch {
            return .failure(DialFailure(error).words(host, port))
        }
    }
}

/// Is content once the connection stands.
private final class Greeted: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let answer: EventLoopPromise<Void>

    init(_ answer: EventLoopPromise<Void>) { self.answer = answer }

    func channelActive(context: ChannelHandlerContext) { answer.succeed() }
}
