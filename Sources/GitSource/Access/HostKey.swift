import Crypto
import FoundationEssentials

/// The key by which a server proves over ssh who it is.
public struct HostKey: Hashable, Sendable {
    /// `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, …
    public let type: String
    /// The key as known_hosts files spell it.
    public let base64: String
    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    public let fingerprint: String

    /// Reads a key in the form in which servers show it (RFC 4253, 6.6): its type's length, its type, the rest.
    init?(_ blob: [UInt8]) {
        guard blob.count > 4 else { return nil }
        let length = blob[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard length > 0, length <= blob.count - 4 else { return nil }
        type = String(decoding: blob[4..<4 + length], as: UTF8.self)
        base64 = Data(blob).base64EncodedString()
        let digest = Data(SHA256.hash(data: blob)).base64EncodedString()
        fingerprint = "SHA256:" + digest.prefix { $0 != "=" }
    }

    init(type: String, base64: String, fingerprint: String) {
        self.type = type
        self.base64 = base64
        self.fingerprint = fingerprint
    }
}
