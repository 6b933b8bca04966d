import Crypto
import FoundationEssentials

/// A public key that images are signed with: ECDSA on the curve P-256, as cosign makes them.
public struct SigningKey: Sendable {
    /// The digest of the key's DER form: tells it from every other.
    public let id: Digest
    private let key: P256.Signing.PublicKey

    /// Reads a PEM file's text (`BEGIN PUBLIC KEY`).
    ///
    /// - Throws: `Unusable`.
    public init(pem text: String) throws(Unusable) {
        do { key = try P256.Signing.PublicKey(pemRepresentation: text) } catch {
            throw Unusable()
        }
        id = Digest(of: Array(key.derRepresentation))
    }

    /// A text that is no such key.
    public struct Unusable: Error, CustomStringConvertible {
        /// The end of a sentence about the file.
        public var description: String { "it is no public key for ECDSA on P-256 in PEM form, as cosign.pub is" }
    }

    /// Whether a signature, in DER form, is this key's under some bytes.
    func hasMade(_ signature: [UInt8], under bytes: [UInt8]) -> Bool {
        guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: Data(signature)) else { return false }
        return key.isValidSignature(signature, for: Data(bytes))
    }
}
