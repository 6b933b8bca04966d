import NIOHTTP1

/// The manifest of an image for this machine, as its registry has it.
struct RemoteManifest: Sendable {
    /// What the name led to: the index's digest where there is one, else the manifest's.
    let nameDigest: Digest
    /// The manifest's own bytes.
    let bytes: [UInt8]
    /// The digest of `bytes`.
    let digest: Digest
    let config: OCIDescriptor
    /// Bottom first.
    let layers: [OCIDescriptor]

    /// The kinds of documents that are understood.
    static let accepted: HTTPHeaders = [
        "Accept": [
            "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.distribution.manifest.v2+json",
        ].joined(separator: ", ")
    ]

    /// Asks an image's registry, and follows an index to the manifest for `platform`.
    ///
    /// - Throws: `ImagePullError`, `CancellationError`.
    static func fetch(_ session: RegistrySession, for platform: Platform) async throws -> RemoteManifest {
        let image = session.image
        var wanted = image.digest
        var nameDigest: Digest?
        for _ in 0..<4 {
            let name = wanted?.description ?? image.tag ?? ImageReference.defaultTag
            let bytes = try await session.document("manifests/\(name)", headers: accepted)
            let digest = Digest(of: bytes)
            if let wanted, wanted != digest {
                throw ImagePullError.corrupt(image, reason: "manifest \(wanted) comes with the digest \(digest)")
            }
            switch try content(bytes, digest, image) {
            case .manifest(let config, let layers):
                return RemoteManifest(
                    nameDigest: nameDigest ?? digest, bytes: bytes, digest: digest, config: config, layers: layers)
            case .index(let manifests):
                nameDigest = nameDigest ?? digest
                wanted = try choose(manifests, for: platform, image).digest
            }
        }
        throw ImagePullError.malformed(image, reason: "its indexes are nested too deep")
    }

    private static func content(
        _ bytes: [UInt8], _ digest: Digest, _ image: ImageReference
    ) throws(ImagePullError) -> OCIDocument.Content {
        do {
            return try JSON.decode(OCIDocument.self, from: bytes).content(of: digest)
        } catch StagedArchive.Problem.refused(let reason), StagedArchive.Problem.notAnImage(let reason) {
            throw .malformed(image, reason: reason)
        } catch {
            throw .malformed(image, reason: "its manifest \(digest) is malformed: \(error)")
        }
    }

    private static func choose(
        _ manifests: [OCIDescriptor], for platform: Platform, _ image: ImageReference
    ) throws(ImagePullError) -> OCIDescriptor {
        if let match = manifests.first(where: { $0.platform?.matches(platform) ?? false }) { return match }
        // An entry without a platform is for every one.
        if let match = manifests.first(where: { $0.platform == nil }) { return match }
        throw .otherPlatform(
            image, available: Set(manifests.compactMap(\.platform?.description)).sorted(), node: "\(platform)")
    }
}
