/// Why a text is no quantity.
public enum QuantityError: Error, Sendable, Hashable, CustomStringConvertible {
    /// It is not a number with a suffix.
    case malformed(String)
    /// It is beyond 2^63 - 1.
    case tooLarge(String)

    /// What is wrong, in words that follow the value.
    public var description: String {
        switch self {
        case .malformed:
            "a quantity is a number, alone or with one suffix of n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent "
                + "such as e3"
        case .tooLarge: "must be no more than \(Int64.max)"
        }
    }

    /// What was probably meant; nil when nothing comes to mind.
    public var hint: String? {
        guard case .malformed(let text) = self else { return nil }
        let number = text.prefix { $0.isNumber || $0 == "." || $0 == "-" || $0 == "+" }
        let unit = text.dropFirst(number.count).filter { $0 != " " }.lowercased()
        let letter = unit.hasSuffix("b") ? unit.dropLast() : unit[...]
        let known = (Quantity.Suffix.decimal + Quantity.Suffix.binary).filter {
            !$0.isEmpty && $0.lowercased() == letter
        }
        let meant = known.filter { (try? Quantity(number + $0)) != nil }.map { (number + $0).quoted }
        return meant.isEmpty ? nil : "did you mean \(meant.joined(separator: " or "))?"
    }
}

extension Quantity {
    /// Reads a quantity: an optional sign, digits with or without a point, and a suffix or an exponent.
    ///
    /// What is finer than a billionth is rounded away from zero (`resource.ParseQuantity`). Unlike there, an amount
    /// beyond 2^63 - 1 is an error: a limit that is not what was written helps nobody.
    public init(_ text: some StringProtocol) throws(QuantityError) {
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = rest.prefix { Self.isDigit($0) }
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix { Self.isDigit($0) }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard whole.count + fraction.count > 0, let scale = Scale(String(decoding: rest, as: UTF8.self)) else {
            throw .malformed(String(text))
        }
        var digits = DecimalDigits(whole + fraction)
        for _ in 0..<scale.powerOf1024 { digits.multiply(by: 1024) }
        guard let nanos = digits.value(timesTenTo: scale.powerOfTen - fraction.count + 9), nanos <= Self.most else {
            throw .tooLarge(String(text))
        }
        // Below one, nothing is left that a binary suffix could say.
        let notation = scale.notation == .binary && nanos < Self.nanosPerUnit ? .decimal : scale.notation
        self.init(nanos: isNegative ? -nanos : nanos, notation: notation)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

/// What stands after the number.
private struct Scale {
    let notation: Quantity.Notation
    let powerOfTen: Int
    let powerOf1024: Int

    init?(_ suffix: String) {
        if let index = Quantity.Suffix.decimal.firstIndex(of: suffix) {
            self.init(notation: .decimal, powerOfTen: (index - 3) * 3, powerOf1024: 0)
        } else if let index = Quantity.Suffix.binary.firstIndex(of: suffix) {
            self.init(notation: .binary, powerOfTen: 0, powerOf1024: index)
        } else if let first = suffix.first, first == "e" || first == "E", let exponent = Int32(suffix.dropFirst()) {
            self.init(notation: .exponent, powerOfTen: Int(exponent), powerOf1024: 0)
        } else {
            return nil
        }
    }

    private init(notation: Quantity.Notation, powerOfTen: Int, powerOf1024: Int) {
        self.notation = notation
        self.powerOfTen = powerOfTen
        self.powerOf1024 = powerOf1024
    }
}
