import Linux
import NIOCore
import NIOPosix
import NIOSSL

/// Makes the connections of probes: a new one for each try, on one thread for all of them.
///
/// No proxy is used, nothing is kept alive and no certificate is verified, as with the kubelet. Unlike it, sockets do
/// not linger: closing one that lingers could hold up the thread that serves all others.
public struct ProbeDialer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let tls: NIOSSLContext

    /// Starts the thread.
    ///
    /// - Throws: when TLS cannot be set up.
    public init() throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        tls = try NIOSSLContext(configuration: configuration)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    /// Ends the thread; nothing can be dialled any more.
    public func shutDown() async throws { try await group.shutdownGracefully() }

    /// Connects, lets `configure` make a pipeline that keeps the promise it is given, waits for that, and closes.
    ///
    /// - Throws: `DialFailure`, or what the pipeline failed with.
    func converse<Answer: Sendable>(
        host: String, port: UInt16, timeout: Duration,
        _ configure: @escaping @Sendable (any Channel, EventLoopPromise<Answer>) throws -> Void
    ) async throws -> Answer {
        let loop = group.next()
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
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host))
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

/// Why a connection was not made, or not answered in time.
enum DialFailure: Error, Hashable {
    /// Nothing came in time.
    case timedOut
    /// The kernel's reason, in its words.
    case refused(String)
    /// The host's name means nothing here.
    case noSuchHost
    /// Anything else.
    case other(String)

    init(_ error: any Error) {
        switch error {
        case let error as DialFailure: self = error
        case ChannelError.connectTimeout: self = .timedOut
        case let error as IOError:
            self = .refused(SystemError("connect", code: error.errnoCode).reason.lowercased())
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                self = DialFailure(first.error)
            } else {
                self = .noSuchHost
            }
        default: self = .other("\(error)")
        }
    }

    /// In the words that Kubernetes' events have for it.
    func words(_ host: String, _ port: UInt16) -> String {
        switch self {
        case .timedOut: "dial tcp \(authority(host, port)): i/o timeout"
        case .refused(let reason): "dial tcp \(authority(host, port)): connect: \(reason)"
        case .noSuchHost: "dial tcp: lookup \(host): no such host"
        case .other(let reason): "dial tcp \(authority(host, port)): \(reason)"
        }
    }
}
