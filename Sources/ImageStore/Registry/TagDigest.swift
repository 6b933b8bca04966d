import NIOCore
import NIOHTTP1

extension RegistryClient {
    /// What an image's tag leads to now: the digest of an index, or of a manifest. Cheap: no document is transferred where
    /// the registry says the digest by itself, as all known ones do; and a question of this kind counts as no pull.
    ///
    /// - Parameter credentials: what is proven to the registry.
    /// - Throws: `ImagePullError`, `CancellationError`.
    public func nameDigest(of reference: ImageReference, credentials: any RegistryCredentials) async throws -> Digest {
        let inquiry = EndpointInquiry(reference: reference, registries: self, credentials: credentials)
        return try await inquiry.ask { session, _ in
            let resource = "manifests/\(reference.digest?.description ?? reference.tag ?? ImageReference.defaultTag)"
            let headers = try await session.head(resource, headers: RemoteManifest.accepted, timeout: .seconds(30))
            if let digest = headers.first(name: "Docker-Content-Digest").flatMap({ Digest($0) }) { return digest }
            return Digest(of: try await session.document(resource, headers: RemoteManifest.accepted))
        }
    }
}
