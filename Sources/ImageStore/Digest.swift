import Crypto

/// The SHA-256 digest of some bytes, written `sha256:<64 hex digits>`: the name of a blob, an image or a layer.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The 64 lower-case hexadecimal digits.
    public let hex: String

    /// Parses `sha256:<hex>`; nil for any other algorithm or spelling.
    public init?(_ text: String) {
        guard text.hasPrefix("sha256:") else { return nil }
        self.init(hex: String(text.dropFirst("sha256:".count)))
    }

    /// Takes the bare digits; nil unless they are 64 lower-case hexadecimal ones.
    public init?(hex: String) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy(Digest.isHexDigit) else { return nil }
        self.hex = hex
    }

    /// The digest of everything a hash was fed.
    init(_ hash: SHA256Digest) {
        hex = hash.reduce(into: "") { text, byte in
            text.append(Digest.digits[Int(byte >> 4)])
            text.append(Digest.digits[Int(byte & 15)])
        }
    }

    /// The digest of `bytes`.
    init(of bytes: [UInt8]) { self.init(SHA256.hash(data: bytes)) }

    /// `sha256:<hex>`.
    public var description: String { "sha256:\(hex)" }

    private static let digits = Array("0123456789abcdef")

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

/// The digest of an image's configuration, which names the image whatever it is called.
public typealias ImageID = Digest

/// The digest of a manifest or of an index of several: what a tag leads to.
public typealias ManifestDigest = Digest

extension Digest: Codable {
    /// Decodes the `sha256:<hex>` form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not a sha256 digest")
        }
        self = digest
    }

    /// Encodes as `sha256:<hex>`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
