/// Asks the places that may have an image, its mirrors and its registry, in their order, each with every credential that
/// fits, until one has what is wanted.
struct EndpointInquiry: Sendable {
    let reference: ImageReference
    let registries: RegistryClient
    let credentials: any RegistryCredentials

    /// Puts a question to one place after the other.
    ///
    /// - Parameter question: gets the credential too, where it is not everybody's.
    /// - Throws: `ImagePullError` that says what each place answered; `CancellationError`.
    func ask<Answer>(
        _ question: (RegistrySession, _ owner: RegistryCredential?) async throws -> Answer
    ) async throws -> Answer {
        var failures: [ImagePullError] = []
        for endpoint in try registries.configuration.endpoints(for: reference) {
            do {
                return try await ask(
                    endpoint, with: try await credentials.credentials(for: endpoint.owner), question)
            } catch let failure as ImagePullError { failures.append(failure) }
        }
        guard failures.count > 1 else {
            throw failures.first ?? .unreachable(registry: reference.registry, reason: "that is no host and port")
        }
        throw ImagePullError.nowhere(
            reference, attempts: failures.map(\.description), isUntrusted: failures.contains(where: \.isUntrusted))
    }

    /// Tries each credential until one is good enough.
    private func ask<Answer>(
        _ endpoint: RegistryEndpoint, with credentials: [RegistryCredential],
        _ question: (RegistrySession, _ owner: RegistryCredential?) async throws -> Answer
    ) async throws -> Answer {
        var refusal: ImagePullError?
        for credential in credentials.isEmpty ? [nil] : credentials.map(Optional.some) {
            let session = RegistrySession(
                image: reference, endpoint: endpoint, credential: credential, transport: registries.transport,
                retries: registries.retries)
            do {
                return try await question(session, owner(of: credential, at: endpoint))
            } catch let error as ImagePullError {
                guard case .unauthorized = error else { throw error }
                refusal = error
            }
        }
        throw refusal ?? .unreachable(registry: endpoint.authority, reason: "nobody asked")
    }

    /// The credential, where it is not everybody's.
    private func owner(
        of credential: RegistryCredential?, at endpoint: RegistryEndpoint
    ) async throws -> RegistryCredential? {
        guard let credential, try await !credentials.isShared(credential, for: endpoint.owner) else { return nil }
        return credential
    }
}
