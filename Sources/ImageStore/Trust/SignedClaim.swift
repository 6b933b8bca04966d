import FoundationEssentials

/// What somebody put a signature under: which bytes are which image (simple signing, containers-signature(5)).
struct SignedClaim: Hashable, Sendable {
    /// The manifest's or index's digest.
    let digest: Digest
    /// What the image is called, as the signer wrote it; empty for nothing.
    let identity: String

    /// Reads the bytes under a signature.
    ///
    /// - Throws: an error whose description ends a sentence.
    init(parsing bytes: [UInt8]) throws {
        let payload = try JSON.decode(Payload.self, from: bytes)
        guard payload.critical.type == "cosign container image signature" else {
            throw JSON.Malformed(description: "critical.type is \(quoted(payload.critical.type.utf8))")
        }
        digest = payload.critical.image.digest
        identity = payload.critical.identity?.reference ?? ""
    }

    /// Why it does not speak of an image; nil when it does.
    ///
    /// A name in it must be the image's own, and so must a tag, if both have one: a signature of an older image of the
    /// repository is no signature of what bears its newest tag (containers-policy.json(5): `matchRepoDigestOrExact`).
    func mismatch(with reference: ImageReference, of digest: Digest) -> String? {
        if self.digest != digest { return "is for \(self.digest)" }
        if identity.isEmpty { return nil }
        guard let named = try? ImageReference(parsing: identity),
            named.registryName.onStandardPort == reference.registryName.onStandardPort,
            named.canonicalRepository == reference.canonicalRepository
        else { return "is for an image called \(quoted(identity.utf8))" }
        // What follows from no tag at all, `latest`, is nothing the signer said.
        let saysTag = identity.split(separator: "/").last?.contains(":") ?? false
        guard saysTag, reference.digest == nil, let tag = named.tag, tag != reference.tag else { return nil }
        return "is for the tag \(tag)"
    }

    private struct Payload: Decodable {
        let critical: Critical
    }

    private struct Critical: Decodable {
        let type: String
        let image: Image
        let identity: Identity?
    }

    private struct Image: Decodable {
        let digest: Digest

        enum CodingKeys: String, CodingKey { case digest = "docker-manifest-digest" }
    }

    private struct Identity: Decodable {
        let reference: String?

        enum CodingKeys: String, CodingKey { case reference = "docker-reference" }
    }
}
