/// An IPv4 address. Orders as its 32 bits do.
public struct IPv4Address: Hashable, Sendable, Comparable, LosslessStringConvertible {
    /// The 32 bits; the first byte of the dotted text is the highest.
    public let bits: UInt32

    /// The address of 32 bits.
    public init(bits: UInt32) { self.bits = bits }

    /// Reads four decimal numbers with dots between them; nil for anything else, leading zeros included (where some
    /// programs read octal, others decimal).
    public init?(_ description: String) {
        let parts = description.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard let text = String(part), let byte = UInt8(text), String(byte) == text else { return nil }
            bits = bits << 8 | UInt32(byte)
        }
        self.bits = bits
    }

    /// The four bytes in network order.
    public var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: bits >> (24 - 8 * $0)) } }

    /// `10.88.0.2`.
    public var description: String { bytes.map { String($0) }.joined(separator: ".") }

    /// By the 32 bits.
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.bits < right.bits }
}

extension IPv4Address: Codable {
    /// Reads the dotted text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let address = IPv4Address(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is no IPv4 address")
        }
        self = address
    }

    /// Writes the dotted text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
