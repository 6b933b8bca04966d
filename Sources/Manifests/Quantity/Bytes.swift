/// An amount of memory.
public struct Bytes: Sendable {
    /// The bytes.
    public let count: Int
    /// The way of writing it, kept for printing.
    let notation: Quantity.Notation

    /// An amount in bytes, printed with binary suffixes where they fit.
    public init(_ count: Int) {
        self.count = count
        notation = .binary
    }

    /// An amount, rounded up to a byte; nil when it is beyond what can be counted.
    public init?(_ quantity: Quantity) {
        guard let count = quantity.roundedUp(toDigits: 0) else { return nil }
        self.count = count
        notation = quantity.notation
    }

    /// The amount as a quantity.
    public var quantity: Quantity { Quantity(count, notation: notation) }
}

extension Bytes: Hashable, Comparable, CustomStringConvertible {
    /// The same amount.
    public static func == (left: Bytes, right: Bytes) -> Bool { left.count == right.count }

    /// By amount.
    public static func < (left: Bytes, right: Bytes) -> Bool { left.count < right.count }

    /// By amount.
    public func hash(into hasher: inout Hasher) { hasher.combine(count) }

    /// As Kubernetes prints it: `250Mi`, `1G`.
    public var description: String { quantity.description }
}

extension Bytes: Codable {
    /// Reads the text of a quantity.
    public init(from decoder: any Decoder) throws {
        let quantity = try Quantity(from: decoder)
        guard let amount = Bytes(quantity) else { throw QuantityError.tooLarge(quantity.description) }
        self = amount
    }

    /// Writes the canonical text.
    public func encode(to encoder: any Encoder) throws { try quantity.encode(to: encoder) }
}
