import NIOCore

/// Sends one request through TLS and reads what comes back.
final class HTTPExchange: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: [UInt8]
    private let reading: HTTPReading
    private let answer: EventLoopPromise<Void>

    /// - Parameters:
    ///   - request: the bytes to send.
    ///   - answer: kept once the response was read.
    init(_ request: [UInt8], _ reading: HTTPReading, _ answer: EventLoopPromise<Void>) {
        self.request = request
        self.reading = reading
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        let bytes = context.channel.allocator.buffer(bytes: request)
        context.writeAndFlush(wrapOutboundOut(bytes)).cascadeFailure(to: answer)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(Array(unwrapInboundIn(data).readableBytesView))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { answer.fail(error) }

    func channelInactive(context: ChannelHandlerContext) {
        take([])
        context.fireChannelInactive()
    }

    private func take(_ bytes: [UInt8]) {
        do {
            if try reading.take(bytes) { answer.succeed() }
        } catch { answer.fail(error) }
    }
}
