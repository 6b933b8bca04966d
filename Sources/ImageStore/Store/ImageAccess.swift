import Glibc
import Linux

/// Who may use an image that lies on the node: everybody, or who has credentials that its registry gave it for (kubelet:
/// `image_pull_manager.go`).
///
/// A file beside the record of a name, and none where everybody may: so it is for what was imported, what was pulled
/// anonymously, and what was pulled with the credentials of the node itself. It holds digests, never credentials.
struct ImageAccess: Codable, Hashable, Sendable {
    /// Of an image.
    let imageID: Digest
    /// What its registry gave it for.
    var credentials: Set<Digest>
}

extension ImageStore {
    /// Whether a Pod with these credentials may start from an image that is here.
    ///
    /// - Parameter credentials: asked for only when not everybody may.
    public func mayUse(_ reference: ImageReference, with credentials: () -> [RegistryCredential]) -> Bool {
        guard access(accessPath(reference), F_OK) == 0 else { return true }
        // A file that cannot be read gives nothing to anybody: the image is asked for again.
        guard let noted = noted(reference) else { return false }
        return credentials().contains { noted.credentials.contains($0.digest) }
    }

    /// Notes that an image was given for a credential; nil for one that is everybody's. To be called while the store is
    /// locked, before the image appears under its name.
    func noteAccess(_ reference: ImageReference, _ imageID: Digest, givenFor credential: RegistryCredential?) throws {
        guard let credential else { return try forgetAccess(reference) }
        let present = try references.record(reference)
        let before = noted(reference)
        if present?.imageID == imageID, before == nil { return }
        var after = ImageAccess(imageID: imageID, credentials: [credential.digest])
        if let before, before.imageID == imageID { after.credentials.formUnion(before.credentials) }
        try replaceFile(StoreLayout.accessName(reference), in: layout.references, with: JSON.encode(after))
    }

    /// From now on everybody may use it.
    func forgetAccess(_ reference: ImageReference) throws {
        let path = accessPath(reference)
        if unlink(path) != 0, errno != ENOENT { throw SystemError("unlink", path) }
    }

    private func noted(_ reference: ImageReference) -> ImageAccess? {
        guard let bytes = try? Descriptor.open(accessPath(reference), O_RDONLY | O_NOFOLLOW).readToEnd(limit: 1 << 20)
        else { return nil }
        return try? JSON.decode(ImageAccess.self, from: bytes)
    }

    private func accessPath(_ reference: ImageReference) -> String {
        "\(layout.references)/\(StoreLayout.accessName(reference))"
    }
}

extension RegistryCredential {
    /// Tells it from every other without showing it.
    fileprivate var digest: Digest {
        switch self {
        case .password(let user, let password): Digest(of: Array("password\0\(user)\0\(password)".utf8))
        case .identityToken(let token): Digest(of: Array("token\0\(token)".utf8))
        }
    }
}
