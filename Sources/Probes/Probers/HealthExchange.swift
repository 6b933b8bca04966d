import NIOCore
import NIOHPACK
import NIOHTTP2

/// Sends one health check on its stream and hands over what came back.
final class HealthExchange: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let service: String
    private let authority: String
    private let answer: EventLoopPromise<HealthAnswer>
    private var code: Int?
    private var message = ""
    private var frame: [UInt8] = []

    init(service: String, authority: String, answer: EventLoopPromise<HealthAnswer>) {
        self.service = service
        self.authority = authority
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        let headers: HPACKHeaders = [
            ":method": "POST", ":scheme": "http", ":path": "/grpc.health.v1.Health/Check",
            ":authority": authority,
            "content-type": "application/grpc", "user-agent": NodeProber.userAgent, "te": "trailers",
        ]
        context.write(wrapOutboundOut(.headers(.init(headers: headers)))).cascadeFailure(to: answer)
        let request = context.channel.allocator.buffer(bytes: HealthMessage.request(service: service))
        context.writeAndFlush(
            wrapOutboundOut(.data(.init(data: .byteBuffer(request), endStream: true)))
        )
        .cascadeFailure(to: answer)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let headers):
            note(headers.headers)
            if headers.endStream { finish() }
        case .data(let data):
            if case .byteBuffer(let bytes) = data.data {
                frame += bytes.readableBytesView.prefix(NodeProber.outputLimit - frame.count)
            }
            if data.endStream { finish() }
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { answer.fail(error) }

    func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    private func note(_ headers: HPACKHeaders) {
        if let code = headers.first(name: "grpc-status") { self.code = Int(code) }
        if let message = headers.first(name: "grpc-message") { self.message = message }
        // Not a gRPC server at all.
        if let status = headers.first(name: ":status"), status != "200", code == nil {
            (code, message) = (14, "unexpected HTTP status code received from server: \(status)")
        }
    }

    private func finish() { answer.succeed(HealthAnswer(code: code, message: message, frame: frame)) }
}
