import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import Synchronization

/// A gRPC server on loopback that gives one answer.
final class HealthServer: Sendable {
    struct Reply: Sendable {
        var code = 0
        var message = ""
        var status: UInt8?
    }

    private struct Seen {
        var paths: [String] = []
        var bodies: [[UInt8]] = []
    }

    let port: UInt16
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let seen: SeenBox

    init(_ reply: Reply) async throws {
        let seen = SeenBox()
        channel = try await ServerBootstrap(group: group).childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
                    mode: .server, connectionConfiguration: .init(), streamConfiguration: .init()
                ) { stream in
                    stream.eventLoop.makeCompletedFuture {
                        try stream.pipeline.syncOperations.addHandler(Answering(reply, seen))
                    }
                }
            }
        }.bind(host: "127.0.0.1", port: 0).get()
        port = UInt16(channel.localAddress?.port ?? 0)
        self.seen = seen
    }

    var paths: [String] { seen.state.withLock { $0.paths } }
    var bodies: [[UInt8]] { seen.state.withLock { $0.bodies } }

    func stop() async throws {
        try await channel.close()
        try await group.shutdownGracefully()
    }

    private final class SeenBox: Sendable { let state = Mutex(Seen()) }

    private final class Answering: ChannelInboundHandler {
        typealias InboundIn = HTTP2Frame.FramePayload
        typealias OutboundOut = HTTP2Frame.FramePayload

        private let reply: Reply
        private let seen: SeenBox
        private var body: [UInt8] = []

        init(_ reply: Reply, _ seen: SeenBox) { (self.reply, self.seen) = (reply, seen) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .headers(let headers):
                let words = [":method", ":path", "user-agent"].compactMap {
                    headers.headers.first(name: $0)
                }
                seen.state.withLock { $0.paths.append(words.joined(separator: " ")) }
            case .data(let data):
                if case .byteBuffer(let bytes) = data.data { body += bytes.readableBytesView }
                if data.endStream { answer(context) }
            default: break
            }
        }

        private func answer(_ context: ChannelHandlerContext) {
            seen.state.withLock { $0.bodies.append(body) }
            let head: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
            context.write(wrapOutboundOut(.headers(.init(headers: head))), promise: nil)
            if reply.code == 0 {
                let message: [UInt8] = reply.status.map { [0x08, $0] } ?? []
                let frame = context.channel.allocator.buffer(
                    bytes: [0, 0, 0, 0, UInt8(message.count)] + message)
                context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(frame)))), promise: nil)
            }
            let trailers: HPACKHeaders = ["grpc-status": "\(reply.code)", "grpc-message": reply.message]
            context.writeAndFlush(
                wrapOutboundOut(.headers(.init(headers: trailers, endStream: true))), promise: nil)
        }
    }
}
