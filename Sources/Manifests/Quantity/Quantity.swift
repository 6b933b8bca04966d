/// An amount of a resource, exact to a billionth (apimachinery `resource.Quantity`).
///
/// `500m`, `1.5Gi`, `1e3` and `2` are quantities. Two are equal when they mean the same amount, however they were
/// written; `description` is the canonical text, which keeps the way of writing: `1024Mi` is `1Gi`, `1000M` is `1G`.
public struct Quantity: Sendable {
    /// The way of writing an amount.
    public enum Notation: String, Sendable, Hashable, Codable {
        /// Plain digits, or with one of the suffixes `n u m k M G T P E`.
        case decimal
        /// With one of the suffixes `Ki Mi Gi Ti Pi Ei`.
        case binary
        /// With an exponent of ten, for example `e3`.
        case exponent
    }

    /// The amount in billionths; its magnitude is at most 2^63 - 1 units.
    let nanos: Int128
    /// The way in which it is written.
    public let notation: Notation

    /// The largest amount: 2^63 - 1.
    static let most = Int128(Int64.max) * nanosPerUnit
    static let nanosPerUnit: Int128 = 1_000_000_000

    /// - Precondition: the magnitude of `nanos` is at most `most`.
    init(nanos: Int128, notation: Notation) {
        self.nanos = nanos
        self.notation = notation
    }

    /// A whole amount.
    public init(_ units: Int, notation: Notation = .decimal) {
        self.init(nanos: Int128(units) * Self.nanosPerUnit, notation: notation)
    }

    /// The amount in units of 10^-`digits` (0 to 9), rounded away from zero; nil when that is beyond `Int`.
    func roundedUp(toDigits digits: Int) -> Int? {
        let unit = (digits..<9).reduce(Int128(1)) { unit, _ in unit * 10 }
        let (quotient, remainder) = nanos.quotientAndRemainder(dividingBy: unit)
        return Int(exactly: remainder == 0 ? quotient : quotient + nanos.signum())
    }
}

extension Quantity: Hashable, Comparable {
    /// The same amount.
    public static func == (left: Quantity, right: Quantity) -> Bool { left.nanos == right.nanos }

    /// By amount.
    public static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }

    /// By amount.
    public func hash(into hasher: inout Hasher) { hasher.combine(nanos) }
}

extension Quantity: Codable {
    /// Reads the text of a quantity.
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the canonical text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
