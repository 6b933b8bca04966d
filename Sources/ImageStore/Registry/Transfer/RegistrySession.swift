import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Talks to one endpoint about one image: proves who asks, follows redirects, tries again what may pass.
///
/// Credentials go to the registry and to the token server it names, to nobody else; never in the clear unless the
/// registry itself is reached in the clear.
actor RegistrySession {
    nonisolated let image: ImageReference
    nonisolated let endpoint: RegistryEndpoint
    private let transport: RegistryTransport
    private let credential: RegistryCredential?
    private let retries: Retries
    private var authorization: String?
    /// The scheme that answered; nil until one did.
    private var scheme: RegistryEndpoint.Scheme?

    private static let redirectLimit = 5

    init(
        image: ImageReference, endpoint: RegistryEndpoint, credential: RegistryCredential?,
        transport: RegistryTransport, retries: Retries
    ) {
        self.image = image
        self.endpoint = endpoint
        self.credential = credential
        self.transport = transport
        self.retries = retries
    }

    /// Asks for something below the repository, such as `manifests/1.14`.
    ///
    /// - Parameter timeout: for the whole exchange, the body included.
    /// - Returns: an answer with a status of 200 to 299.
    /// - Throws: `ImagePullError`, `CancellationError`.
    func get(_ resource: String, headers: HTTPHeaders = [:], timeout: TimeAmount) async throws -> HTTPClientResponse {
        try await ask(.GET, resource, headers, timeout)
    }

    /// Asks for the headers alone of what `get` would give.
    func head(_ resource: String, headers: HTTPHeaders = [:], timeout: TimeAmount) async throws -> HTTPHeaders {
        try await ask(.HEAD, resource, headers, timeout).headers
    }

    private func ask(
        _ method: HTTPMethod, _ resource: String, _ headers: HTTPHeaders, _ timeout: TimeAmount
    ) async throws -> HTTPClientResponse {
        var attempt = 0
        while true {
            try Task.checkCancellation()
            let wish: Int?
            let failure: ImagePullError
            var limit = retries.attempts
            do {
                let response = try await authorized(method, resource, headers, timeout)
                if (200...299).contains(response.status.code) { return response }
                guard Retries.isPassing(response.status) else { throw refusal(response.status) }
                failure =
                    response.status == .tooManyRequests
                    ? .tooManyRequests(registry: endpoint.authority) : unreachable("it answers \(response.status)")
                wish = response.headers.first(name: "Retry-After").flatMap { Retries.wish(in: $0) }
            } catch let error where !(error is ImagePullError || error is CancellationError) {
                (failure, wish) = (unreachable(error.transportReason), nil)
                limit = min(limit, retries.connectionAttempts)
            }
            attempt += 1
            if attempt >= limit { throw failure }
            try await retries.sleep(retries.pause(after: attempt - 1, wish: wish))
        }
    }

    // MARK: One attempt

    /// Sends a request; where the registry wants to know who asks, proves it and sends it again.
    private func authorized(
        _ method: HTTPMethod, _ resource: String, _ headers: HTTPHeaders, _ timeout: TimeAmount
    ) async throws -> HTTPClientResponse {
        let deadline = NIODeadline.now() + timeout
        let address = try await reachable(deadline).appending("/v2/\(endpoint.repository)/\(resource)")
        let response = try await following(method, address, headers, deadline)
        guard response.status == .unauthorized else { return response }
        let challenges = response.headers["WWW-Authenticate"].flatMap(AuthenticationChallenge.parse)
        authorization = try await proof(for: challenges, from: address, deadline)
        return try await following(method, address, headers, deadline)
    }

    private func following(
        _ method: HTTPMethod, _ start: RegistryAddress, _ headers: HTTPHeaders, _ deadline: NIODeadline
    ) async throws -> HTTPClientResponse {
        var address = start
        for _ in 0...Self.redirectLimit {
            let isAtHome = address.isSameOrigin(as: start)
            var headers = headers
            if isAtHome, let authorization { headers.add(name: "Authorization", value: authorization) }
            let response = try await transport.send(
                method, address, headers: headers, trust: isAtHome ? trust : .system, deadline: deadline)
            guard [301, 302, 303, 307, 308].contains(response.status.code) else { return response }
            guard let next = response.headers.first(name: "Location").flatMap(address.following) else {
                throw unreachable("it sends its visitors nowhere (\(response.status) without a usable Location)")
            }
            if address.scheme == .https, next.scheme == .http {
                throw unreachable("it leads from HTTPS to plain HTTP, at \(next)")
            }
            address = next
        }
        throw unreachable("it sends its visitors in circles, last to \(address)")
    }

    /// The registry's root. Where plain HTTP is good enough, HTTPS is tried first, once.
    private func reachable(_ deadline: NIODeadline) async throws -> RegistryRoot {
        if let scheme { return RegistryRoot(scheme: scheme, authority: endpoint.authority) }
        var reason: any Error = unreachable("no scheme is allowed")
        for scheme in endpoint.schemes {
            let root = RegistryRoot(scheme: scheme, authority: endpoint.authority)
            if endpoint.schemes.count > 1 {
                do {
                    _ = try await transport.send(
                        .GET, root.appending("/v2/"), headers: [:], trust: trust, deadline: deadline)
                } catch let error where !(error is CancellationError) {
                    reason = error
                    continue
                }
            }
            self.scheme = scheme
            return root
        }
        throw reason
    }

    private var trust: RegistryTrust {
        RegistryTrust(acceptsAnyCertificate: endpoint.acceptsAnyCertificate, caFile: endpoint.caFile)
    }

    // MARK: Who asks

    private func proof(
        for challenges: [AuthenticationChallenge], from address: RegistryAddress, _ deadline: NIODeadline
    ) async throws -> String {
        if let bearer = challenges.first(where: { $0.scheme == "bearer" }) {
            return "Bearer " + (try await token(for: bearer, from: address, deadline))
        }
        if challenges.contains(where: { $0.scheme == "basic" }) {
            guard let basic = credential?.basic else { throw unauthorized() }
            return basic
        }
        throw unauthorized(": it asks for none that are known here")
    }

    /// Fetches an access token from the server that the registry names (distribution: token authentication).
    private func token(
        for challenge: AuthenticationChallenge, from address: RegistryAddress, _ deadline: NIODeadline
    ) async throws -> String {
        guard let realm = challenge.parameters["realm"].flatMap(RegistryAddress.init) else {
            throw unreachable("it names no usable token server")
        }
        if address.scheme == .https, realm.scheme == .http {
            throw unreachable("its token server \(realm) is reached in the clear, and the registry is not")
        }
        let request = TokenRequest(
            realm: realm, service: challenge.parameters["service"],
            scope: challenge.parameters["scope"] ?? "repository:\(endpoint.repository):pull", credential: credential)
        guard let target = request.address else { throw unreachable("it names no usable token server") }
        let response = try await transport.send(
            request.body == nil ? .GET : .POST, target, headers: request.headers, body: request.body,
            trust: realm.host == address.host ? trust : .system, deadline: deadline)
        switch response.status.code {
        case 200...299: break
        case 400, 401, 403: throw unauthorized(": its token server \(realm) answers \(response.status)")
        default: throw TokenServerFailure(description: "its token server \(realm) answers \(response.status)")
        }
        let body = try await response.body.collect(upTo: 1 << 20)
        guard let token = TokenRequest.token(in: Array(body.readableBytesView)) else {
            throw unreachable("its token server's answer is not understood")
        }
        return token
    }

    // MARK: What went wrong

    private func refusal(_ status: HTTPResponseStatus) -> ImagePullError {
        switch status.code {
        case 401, 403: unauthorized(": it answers \(status)")
        case 404: .notFound(image, registry: endpoint.authority)
        default: unreachable("it answers \(status)")
        }
    }

    private func unauthorized(_ reason: String = "") -> ImagePullError {
        .unauthorized(image, registry: endpoint.authority, credential: credential, reason: reason)
    }

    private func unreachable(_ reason: String) -> ImagePullError {
        .unreachable(registry: endpoint.authority, reason: reason)
    }
}

/// `https://registry.example.org`.
private struct RegistryRoot {
    let scheme: RegistryEndpoint.Scheme
    let authority: String

    func appending(_ path: String) throws -> RegistryAddress {
        guard let address = RegistryAddress("\(scheme.rawValue)://\(authority)\(path)") else {
            throw ImagePullError.unreachable(registry: authority, reason: "that is no host and port")
        }
        return address
    }
}

/// A token server that may answer otherwise a moment later.
private struct TokenServerFailure: Error, CustomStringConvertible {
    let description: String
}
