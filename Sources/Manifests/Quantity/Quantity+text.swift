extension Quantity: CustomStringConvertible {
    /// The canonical text, as Kubernetes prints it: no fraction, the largest suffix that leaves none, at most three
    /// digits more than needed (`Quantity.CanonicalizeBytes`).
    public var description: String {
        if nanos == 0 { return "0" }
        return notation == .binary ? binaryText ?? decimalText : decimalText
    }

    /// The text with a binary suffix; nil below 1024 and for fractions, which have none.
    private var binaryText: String? {
        var (units, fraction) = nanos.quotientAndRemainder(dividingBy: Self.nanosPerUnit)
        guard fraction == 0, units.magnitude >= 1024 else { return nil }
        var power = 0
        while units % 1024 == 0 {
            units /= 1024
            power += 1
        }
        return "\(units)\(Suffix.binary[power])"
    }

    private var decimalText: String {
        var number = nanos
        var thousands = -3
        while number % 1000 == 0 {
            number /= 1000
            thousands += 1
        }
        if notation == .exponent { return thousands == 0 ? "\(number)" : "\(number)e\(thousands * 3)" }
        return "\(number)\(Suffix.decimal[thousands + 3])"
    }
}

extension Quantity {
    /// The suffixes, each a thousand (or 1024) times the one before.
    enum Suffix {
        /// From 10^-9 to 10^18.
        static let decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
        /// From 1 to 2^60.
        static let binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
    }
}
