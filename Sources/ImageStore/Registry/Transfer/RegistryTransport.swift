import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization

/// HTTP as registries speak it: one request, one answer. No redirects, no retries, no credentials of its own.
final class RegistryTransport: Sendable {
    private let proxies: ProxySettings
    private let clients = Mutex<[String: HTTPClient]>([:])

    /// How long a connection may take to come about.
    private static let connectLimit = TimeAmount.seconds(10)
    private let silence: TimeAmount

    /// - Parameter silence: how long an answer may show no sign of life.
    init(proxies: ProxySettings, silence: Duration) {
        self.proxies = proxies
        self.silence = TimeAmount(silence)
    }

    deinit {
        for client in clients.withLock({ $0.values }) {
            // Nobody waits: what is left are idle connections.
            client.shutdown { _ in }
        }
    }

    /// Sends a request.
    ///
    /// - Parameter deadline: for the whole exchange, the body included.
    func send(
        _ method: HTTPMethod, _ address: RegistryAddress, headers: HTTPHeaders, body: String? = nil,
        trust: RegistryTrust, deadline: NIODeadline
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address.text)
        request.method = method
        request.headers = headers
        request.headers.add(name: "User-Agent", value: "reconcile-agent")
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        if address.scheme == .https { request.tlsConfiguration = try trust.configuration }
        return try await client(for: address).execute(request, deadline: deadline)
    }

    /// One client for each proxy: the library binds them together.
    private func client(for address: RegistryAddress) throws -> HTTPClient {
        let proxy = proxies.proxy(scheme: address.scheme, host: address.host, port: address.port)
        let server = try proxy.map(Self.server)
        return clients.withLock { clients in
            if let client = clients[proxy ?? ""] { return client }
            var configuration = HTTPClient.Configuration(
                redirectConfiguration: .disallow,
                timeout: .init(connect: Self.connectLimit, read: silence), proxy: server)
            configuration.httpVersion = .http1Only
            configuration.connectionPool.idleTimeout = .seconds(10)
            // The library would go on connecting to a closed port until the limit is over; `Retries` decides here.
            configuration.connectionPool.retryConnectionEstablishment = false
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            clients[proxy ?? ""] = client
            return client
        }
    }

    private static func server(_ proxy: String) throws -> HTTPClient.Configuration.Proxy {
        let text = proxy.contains("://") ? proxy : "http://\(proxy)"
        guard let url = URL(string: text), let host = url.host, url.scheme == "http" else {
            throw ProxyProblem(description: "the proxy's address is not of the form http://host:port")
        }
        var authorization: HTTPClient.Authorization?
        if let user = url.user { authorization = .basic(username: user, password: url.password ?? "") }
        return .server(host: host, port: url.port ?? 80, authorization: authorization)
    }

    private struct ProxyProblem: Error, CustomStringConvertible {
        let description: String
    }
}

/// Whom to believe that a host is the one it says it is.
struct RegistryTrust: Hashable, Sendable {
    let acceptsAnyCertificate: Bool
    /// A PEM file with further authorities; nil for the system's alone.
    let caFile: String?

    /// The system's authorities and no exception: for hosts that an answer leads to.
    static let system = RegistryTrust(acceptsAnyCertificate: false, caFile: nil)

    fileprivate var configuration: TLSConfiguration {
        get throws {
            var configuration = TLSConfiguration.makeClientConfiguration()
            if acceptsAnyCertificate { configuration.certificateVerification = .none }
            if let caFile {
                configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(caFile))]
            }
            return configuration
        }
    }
}
