/// What a registry said of an image when it was pulled.
public struct ImageOrigin: Codable, Hashable, Sendable {
    /// What the name led to: the digest of an index, or of the manifest itself.
    public let nameDigest: Digest
    /// The keys that were found to have signed it, of those that were asked for; nil for none.
    public let signedBy: [Digest]?

    /// Puts both together.
    public init(nameDigest: Digest, signedBy: [Digest]?) {
        self.nameDigest = nameDigest
        self.signedBy = signedBy
    }

    /// What is known of the same image after another pull: one that demanded no signature finds no signers, and takes nothing
    /// back of what was verified.
    func following(_ earlier: ImageOrigin?) -> ImageOrigin {
        guard signedBy == nil, let earlier, earlier.nameDigest == nameDigest else { return self }
        return earlier
    }
}
