import Linux
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The conversations of probes whose protocols are NIO's: TLS and HTTP/2. On one thread for all of them, which is made when the
/// first is to be tried: most nodes have none.
final class NIOLoop: Sendable {
    private struct Made: Sendable {
        let group: MultiThreadedEventLoopGroup
        let tls: NIOSSLContext
    }

    private let made = Mutex<Made?>(nil)

    /// Ends the thread, if there is one.
    func shutDown() async throws {
        let made = made.withLock { $0.take() }
        try await made?.group.shutdownGracefully()
    }

    private func make() throws -> Made {
        try made.withLock { made in
            if let made { return made }
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.certificateVerification = .none
            let new = Made(
                group: MultiThreadedEventLoopGroup(numberOfThreads: 1),
                tls: try NIOSSLContext(configuration: configuration))
            made = new
            return new
        }
    }

    /// Connects, lets `configure` make a pipeline that keeps the promise it is given, waits for that, and closes.
    ///
    /// - Throws: `DialFailure`, or what the pipeline failed with.
    func converse<Answer: Sendable>(
        host: String, port: UInt16, timeout: Duration,
        _ configure: @escaping @Sendable (any Channel, EventLoopPromise<Answer>) throws -> Void
    ) async throws -> Answer {
        let loop = try make().group.next()
        let answer = loop.makePromise(of: Answer.self)
        let timer = loop.scheduleTask(in: TimeAmount(timeout)) { answer.fail(DialFailure.timedOut) }
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(TimeAmount(timeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel, answer) }
            }
        Self.connect(bootstrap, host, port).whenComplete { result in
            switch result {
            case .failure(let error): answer.fail(DialFailure(error))
            case .success(let channel):
                answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
            }
        }
        answer.futureResult.whenComplete { _ in timer.cancel() }
        return try await withTaskCancellationHandler {
            try await answer.futureResult.get()
        } onCancel: {
            answer.fail(CancellationError())
        }
    }

    /// Puts TLS below a pipeline. A server is told the name it is dialled by, unless that is an address.
    func addTLS(_ channel: any Channel, host: String) throws {
        let isAddress = InternetAddress(figures: host, port: 0) != nil
        try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: make().tls, serverHostname: isAddress ? nil : host))
    }

    private static func connect(
        _ bootstrap: ClientBootstrap, _ host: String, _ port: UInt16
    ) -> EventLoopFuture<any Channel> {
        // A name is looked up by NIO, off its own threads.
        guard let address = try? SocketAddress(ipAddress: host, port: Int(port)) else {
            return bootstrap.connect(host: host, port: Int(port))
        }
        return bootstrap.connect(to: address)
    }
}
