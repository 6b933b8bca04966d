extension JSONValue {
    /// The one form of the value: sorted keys, no blanks. What digests are taken of.
    public var canonical: String {
        var text = ""
        write(to: &text, layout: .canonical, indentation: 0)
        return text
    }

    /// As `kubectl get -o json` prints: sorted keys, four blanks per level, `<`, `>` and `&` escaped. No final line
    /// break.
    public var pretty: String {
        var text = ""
        write(to: &text, layout: .pretty, indentation: 0)
        return text
    }

    private enum Layout {
        case canonical
        case pretty
    }

    private func write(to text: inout String, layout: Layout, indentation: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .double(let value): text += value.jsonText
        case .string(let value): value.writeJSON(to: &text, escapesMarkup: layout == .pretty)
        case .array(let items):
            writeItems(items, "[", "]", to: &text, layout, indentation) { item, text in
                item.write(to: &text, layout: layout, indentation: indentation + 1)
            }
        case .object(let fields):
            writeItems(fields.sorted(by: { $0.key.precedes($1.key) }), "{", "}", to: &text, layout, indentation) {
                field, text in
                field.key.writeJSON(to: &text, escapesMarkup: layout == .pretty)
                text += layout == .pretty ? ": " : ":"
                field.value.write(to: &text, layout: layout, indentation: indentation + 1)
            }
        }
    }

    private func writeItems<Item>(
        _ items: [Item], _ open: String, _ close: String, to text: inout String, _ layout: Layout, _ indentation: Int,
        _ write: (Item, inout String) -> Void
    ) {
        let isBroken = layout == .pretty && !items.isEmpty
        func breakLine(_ level: Int) { if isBroken { text += "\n" + String(repeating: "    ", count: level) } }
        text += open
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            breakLine(indentation + 1)
            write(item, &text)
        }
        breakLine(indentation)
        text += close
    }
}

extension String {
    /// By bytes, as Go sorts keys; Swift's own order would follow Unicode's equivalences.
    fileprivate func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

    fileprivate func writeJSON(to text: inout String, escapesMarkup: Bool) {
        text += "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "<", ">", "&":
                if escapesMarkup { text += scalar.jsonEscape } else { text.unicodeScalars.append(scalar) }
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}": text += scalar.jsonEscape
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension Unicode.Scalar {
    /// `\u003c`.
    fileprivate var jsonEscape: String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension Double {
    /// The shortest digits that mean this number, laid out as Go does: an exponent only below 1e-6 and from 1e21 on.
    fileprivate var jsonText: String {
        let (digits, exponent) = shortestDigits
        let sign = self < 0 ? "-" : ""
        let magnitude = Swift.abs(self)
        if magnitude != 0, magnitude < 1e-6 || magnitude >= 1e21 {
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 1 ? "-" : "+")\(Swift.abs(exponent - 1))"
        }
        if exponent <= 0 { return "\(sign)0.\(String(repeating: "0", count: -exponent))\(digits)" }
        if exponent >= digits.count { return sign + digits + String(repeating: "0", count: exponent - digits.count) }
        return "\(sign)\(digits.prefix(exponent)).\(digits.dropFirst(exponent))"
    }

    /// Digits without leading or trailing zeros, and where the point stands: 0.`digits` times ten to `exponent`.
    private var shortestDigits: (digits: String, exponent: Int) {
        let parts = Swift.abs(self).description.split(separator: "e")
        let mantissa = (parts.first ?? "0").split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa.first ?? "0"
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        let all = whole + fraction
        let digits = all.drop { $0 == "0" }
        let shift = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let trimmed = digits.reversed().drop { $0 == "0" }.reversed()
        return (String(trimmed), whole.count - (all.count - digits.count) + shift)
    }
}
