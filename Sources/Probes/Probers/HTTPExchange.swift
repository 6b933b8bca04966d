import NIOCore
import NIOHTTP1

/// Sends one request and hands over what came back, at most `NodeProber.outputLimit` bytes of it.
final class HTTPExchange: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: HTTPRequest
    private let answer: EventLoopPromise<HTTPAnswer>
    private let hasHead: @Sendable () -> Void
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []

    /// - Parameter hasHead: called once the status is known, since what fails from then on is another failure.
    init(
        _ request: HTTPRequest, answer: EventLoopPromise<HTTPAnswer>,
        hasHead: @escaping @Sendable () -> Void
    ) {
        self.request = request
        self.answer = answer
        self.hasHead = hasHead
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(request.head))).cascadeFailure(to: answer)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).cascadeFailure(to: answer)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            hasHead()
        case .body(let bytes):
            body += bytes.readableBytesView.prefix(NodeProber.outputLimit - body.count)
            if body.count == NodeProber.outputLimit { finish() }
        case .end: finish()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { answer.fail(error) }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(ChannelError.eof)
        context.fireChannelInactive()
    }

    private func finish() {
        guard let head else { return }
        answer.succeed(
            HTTPAnswer(
                status: head.status.code, location: head.headers.first(name: "Location"),
                body: String(decoding: body, as: UTF8.self)))
    }
}
