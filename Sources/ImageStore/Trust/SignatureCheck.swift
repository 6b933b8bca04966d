import FoundationEssentials
import NIOHTTP1

/// Looks for a signature of an image beside it, in its registry, where cosign puts them: a manifest with the tag
/// `sha256-<digest>.sig`, each of whose layers is a claim with its signature in an annotation (cosign SIGNATURE_SPEC.md).
struct SignatureCheck: Sendable {
    let session: RegistrySession
    let demand: SignatureRule

    private static let annotation = "dev.cosignproject.cosign/signature"
    /// More of them, and larger claims, are no honest ones.
    private static let most = 64
    private static let claimLimit = 64 << 10

    /// Finds out who of the demand's keys signed an image.
    ///
    /// - Parameter manifest: its index's signature is one of everything in it.
    /// - Returns: the ids of the keys; not empty.
    /// - Throws: `ImagePullError`, `CancellationError`.
    func signers(of manifest: RemoteManifest) async throws -> [Digest] {
        var doubts: [String] = []
        for digest in [manifest.nameDigest, manifest.digest].distinct {
            switch try await verdict(on: digest) {
            case .signed(let signers): return signers
            case .unsigned(let why): doubts.append(why)
            }
        }
        throw ImagePullError.untrusted(
            session.image, reason: doubts.distinct.joined(separator: "; "), rule: demand.rule)
    }

    private enum Verdict {
        case signed([Digest])
        case unsigned(String)
    }

    private func verdict(on digest: Digest) async throws -> Verdict {
        let tag = "sha256-\(digest.hex).sig"
        guard let layers = try await signatures(tagged: tag) else {
            return .unsigned("it is not signed: no tag \(tag)")
        }
        var signers: [Digest] = []
        var doubts: [String] = []
        for layer in layers.prefix(Self.most) {
            guard let text = layer.annotations?[Self.annotation], let signature = Data(base64Encoded: text),
                layer.size <= Self.claimLimit
            else { continue }
            let bytes = try await session.smallBlob(layer, limit: Self.claimLimit)
            // Nothing is read of what nobody vouches for.
            let makers = demand.keys.filter { $0.hasMade(Array(signature), under: bytes) }
            if makers.isEmpty {
                doubts.append("its signature is by none of the rule's keys")
            } else if let why = mismatch(bytes, digest) {
                doubts.append("its signature \(why)")
            } else {
                signers += makers.map(\.id)
            }
        }
        if !signers.isEmpty { return .signed(signers.distinct) }
        return .unsigned(
            doubts.isEmpty ? "nothing below \(tag) is a signature" : doubts.distinct.joined(separator: "; "))
    }

    private func mismatch(_ bytes: [UInt8], _ digest: Digest) -> String? {
        do { return try SignedClaim(parsing: bytes).mismatch(with: session.image, of: digest) } catch {
            return "is under something else than an image (\(error))"
        }
    }

    /// The claims that a tag leads to; nil when there is no such tag.
    private func signatures(tagged tag: String) async throws -> [OCIDescriptor]? {
        let bytes: [UInt8]
        do {
            bytes = try await session.document("manifests/\(tag)", headers: RemoteManifest.accepted)
        } catch ImagePullError.notFound { return nil }
        do { return try JSON.decode(OCIDocument.self, from: bytes).layers ?? [] } catch {
            throw ImagePullError.malformed(session.image, reason: "its signatures at \(tag) are malformed: \(error)")
        }
    }
}

extension Array where Element: Hashable {
    /// Without repetitions, in this order.
    fileprivate var distinct: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
