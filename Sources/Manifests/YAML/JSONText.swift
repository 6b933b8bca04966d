/// What JSON text needs before the YAML parser reads it: JSON is YAML but for two habits.
enum JSONText {
    /// Splits JSON objects that follow each other without `---`, and spells `\uD83D\uDE00` as the character it means.
    /// Text that does not begin with `{` is left alone.
    static func split(_ document: DocumentText) -> [DocumentText] {
        guard document.text.first(where: { !isBlank($0) }) == UInt8(ascii: "{") else { return [document] }
        var documents: [DocumentText] = []
        var rest = document
        while let end = endOfObject(rest.text), rest.text[end...].first(where: { !isBlank($0) }) == UInt8(ascii: "{") {
            documents.append(DocumentText(text: joinSurrogates(rest.text[..<end]), firstLine: rest.firstLine))
            let next = rest.text[end...].drop(while: isBlank)
            let lines = rest.text[..<next.startIndex].count { $0 == UInt8(ascii: "\n") }
            rest = DocumentText(text: next, firstLine: rest.firstLine + lines)
        }
        return documents + [DocumentText(text: joinSurrogates(rest.text), firstLine: rest.firstLine)]
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains(byte)
    }

    /// The index after the brace that closes the first one; nil when none does.
    private static func endOfObject(_ text: ArraySlice<UInt8>) -> Int? {
        var depth = 0
        var isQuoted = false
        var isEscaped = false
        for (index, byte) in zip(text.indices, text) {
            if isQuoted {
                if !isEscaped, byte == UInt8(ascii: "\"") { isQuoted = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isQuoted = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }

    /// YAML has no surrogate pairs: both escapes become the character. Columns after it on its line move.
    private static func joinSurrogates(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard text.contains(UInt8(ascii: "\\")) else { return text }
        var joined: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] != UInt8(ascii: "\\") {
                joined.append(text[index])
                index += 1
            } else if let high = escapedUnit(text, at: index), UTF16.isLeadSurrogate(high),
                let low = escapedUnit(text, at: index + 6), UTF16.isTrailSurrogate(low)
            {
                joined += String(decoding: [high, low], as: UTF16.self).utf8
                index += 12
            } else {
                joined += text[index...].prefix(2)
                index += 2
            }
        }
        return joined[...]
    }

    private static func escapedUnit(_ text: ArraySlice<UInt8>, at index: Int) -> UInt16? {
        guard index + 6 <= text.endIndex, text[index...].starts(with: "\\u".utf8) else { return nil }
        return UInt16(String(decoding: text[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
    }
}
