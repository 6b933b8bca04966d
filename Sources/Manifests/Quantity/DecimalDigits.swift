/// A whole number of any length by its decimal digits: exact where 128 bits would overflow before the rounding.
struct DecimalDigits {
    /// The highest digit first, none of them leading zeros; empty for zero.
    private var digits: [UInt8]

    /// - Parameter text: ASCII digits.
    init(_ text: some Sequence<UInt8>) { digits = text.map { $0 - UInt8(ascii: "0") }.drop { $0 == 0 }.map(\.self) }

    /// Multiplies by a small number.
    mutating func multiply(by factor: Int) {
        var carry = 0
        for index in digits.indices.reversed() {
            carry += Int(digits[index]) * factor
            digits[index] = UInt8(carry % 10)
            carry /= 10
        }
        while carry > 0 {
            digits.insert(UInt8(carry % 10), at: 0)
            carry /= 10
        }
    }

    /// The number times a power of ten, rounded up to a whole one; nil when it has more than 38 digits.
    func value(timesTenTo exponent: Int) -> Int128? {
        guard !digits.isEmpty else { return 0 }
        guard digits.count + exponent <= 38 else { return nil }
        let kept = digits.prefix(max(0, digits.count + min(0, exponent)))
        var value = kept.reduce(Int128(0)) { $0 * 10 + Int128($1) }
        for _ in 0..<max(0, exponent) { value *= 10 }
        return digits[kept.count...].contains { $0 != 0 } ? value + 1 : value
    }
}
