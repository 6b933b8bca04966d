import Crypto
import Manifests
import PodModel

/// Digests that decide whether a Pod must be recreated.
public enum PodDigest {
    /// The digest of a manifest as its author wrote it.
    ///
    /// Covers the canonical fields of `spec` whose change needs a new Pod: no defaults, no positions, no order of fields,
    /// nothing that changes in place or by restarting a container; nor name and namespace, since Pods are compared under
    /// one name.
    ///
    /// Digests of two versions of this code may differ, so stored manifests are digested again before a comparison:
    /// an upgrade restarts nothing.
    public static func digest(ofWritten manifest: JSONValue) -> PodModel.Digest {
        PodModel.Digest(sha256: Array(Pod.identifyingFields(in: manifest).canonical.utf8))
    }
}

extension PodModel.Digest {
    /// The digest of bytes.
    init(sha256 bytes: [UInt8]) {
        self.init("sha256:" + SHA256.hash(data: bytes).map { hexadecimal($0) }.joined())
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
}
