/// What the look of an unquoted scalar means, as Kubernetes' YAML library (go-yaml v2) decides it.
enum CoreScalar: Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    /// Also whole numbers beyond 64 bits; infinite and NaN for `.inf` and `.nan`.
    case float(Double)
    case text

    init(_ text: String) {
        switch Self.look(of: text) {
        case .text: self = .text
        case .word: self = Self.words[text] ?? .text
        case .number: self = Self.words[text] ?? Self.number(text)
        }
    }

    private enum Look {
        case text
        case word
        case number
    }

    /// What the first letter and the length allow, so that most text is known for text at once.
    private static func look(of text: String) -> Look {
        guard let first = text.utf8.first else { return .word }
        return switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): .number
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "o"),
            UInt8(ascii: "O"), UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"),
            UInt8(ascii: "~"):
            text.utf8.count <= 5 ? .word : .text
        default: .text
        }
    }

    private static func number(_ text: String) -> CoreScalar {
        // go-yaml drops underscores, but not in what begins with a dot.
        let digits = text.hasPrefix(".") ? text : text.filter { $0 != "_" }
        if let whole = integer(digits) { return whole }
        guard isDecimal(digits), let value = Double(digits), value.isFinite else { return .text }
        return .float(value)
    }

    /// Go's `strconv.ParseInt(text, 0, 64)`: 0x, 0o, 0b and a leading zero choose the base.
    private static func integer(_ text: String) -> CoreScalar? {
        let isSigned = text.hasPrefix("-") || text.hasPrefix("+")
        let magnitude = isSigned ? text.dropFirst() : text[...]
        let (base, digits): (Int, Substring) =
            switch magnitude.prefix(2) {
            case "0x", "0X": (16, magnitude.dropFirst(2))
            case "0o", "0O": (8, magnitude.dropFirst(2))
            case "0b", "0B": (2, magnitude.dropFirst(2))
            case _ where magnitude.count > 1 && magnitude.hasPrefix("0"): (8, magnitude.dropFirst())
            default: (10, magnitude)
            }
        guard let first = digits.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        if let value = Int64((text.hasPrefix("-") ? "-" : "") + digits, radix: base) { return .int(value) }
        if !isSigned, let value = UInt64(digits, radix: base) { return .float(Double(value)) }
        return nil
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func isDecimal(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func skip(_ wanted: String) -> Bool {
            guard let first = rest.first, wanted.utf8.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        func skipDigits() -> Bool {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count > 0
        }
        _ = skip("+-")
        let hasWhole = skipDigits()
        let hasFraction = skip(".") && skipDigits()
        guard hasWhole || hasFraction else { return false }
        if skip("eE") {
            _ = skip("+-")
            guard skipDigits() else { return false }
        }
        return rest.isEmpty
    }

    private static let words: [String: CoreScalar] = {
        let groups: [(CoreScalar, String)] = [
            (.bool(true), "y Y yes Yes YES on On ON true True TRUE"),
            (.bool(false), "n N no No NO off Off OFF false False FALSE"),
            (.null, "~ null Null NULL"),
            (.float(.infinity), ".inf .Inf .INF +.inf +.Inf +.INF"),
            (.float(-.infinity), "-.inf -.Inf -.INF"),
            (.float(.nan), ".nan .NaN .NAN"),
        ]
        var words: [String: CoreScalar] = ["": .null]
        for (value, spellings) in groups {
            for spelling in spellings.split(separator: " ") { words[String(spelling)] = value }
        }
        return words
    }()
}
