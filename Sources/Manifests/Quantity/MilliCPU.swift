/// An amount of processor time: thousandths of one processor.
public struct MilliCPU: Sendable {
    /// The thousandths.
    public let count: Int
    /// The way of writing it, kept for printing.
    let notation: Quantity.Notation

    /// An amount in thousandths of a processor.
    public init(_ count: Int) {
        self.count = count
        notation = .decimal
    }

    /// An amount, rounded up to a thousandth; nil when it is beyond what can be counted.
    public init?(_ quantity: Quantity) {
        guard let count = quantity.roundedUp(toDigits: 3) else { return nil }
        self.count = count
        notation = quantity.notation
    }

    /// The amount as a quantity of processors.
    public var quantity: Quantity { Quantity(nanos: Int128(count) * 1_000_000, notation: notation) }
}

extension MilliCPU: Hashable, Comparable, CustomStringConvertible {
    /// The same amount.
    public static func == (left: MilliCPU, right: MilliCPU) -> Bool { left.count == right.count }

    /// By amount.
    public static func < (left: MilliCPU, right: MilliCPU) -> Bool { left.count < right.count }

    /// By amount.
    public func hash(into hasher: inout Hasher) { hasher.combine(count) }

    /// As Kubernetes prints it: `500m`, `2`.
    public var description: String { quantity.description }
}

extension MilliCPU: Codable {
    /// Reads the text of a quantity.
    public init(from decoder: any Decoder) throws {
        let quantity = try Quantity(from: decoder)
        guard let amount = MilliCPU(quantity) else { throw QuantityError.tooLarge(quantity.description) }
        self = amount
    }

    /// Writes the canonical text.
    public func encode(to encoder: any Encoder) throws { try quantity.encode(to: encoder) }
}
