/// One document of a file, before it is parsed.
struct DocumentText {
    /// UTF-8 text, the `---` line that opens it included.
    let text: ArraySlice<UInt8>
    /// The line of the file on which it begins, from 1.
    let firstLine: Int
}

/// Splits a file into its documents, so that a broken one does not hide the next.
///
/// A line that is `---`, or begins with it and a blank, starts a document, as YAML and Kubernetes have it.
/// JSON objects one after another are documents too.
enum Documents {
    /// The documents of a file in UTF-8 or, with a byte order mark, UTF-16.
    static func split(_ contents: [UInt8]) -> [DocumentText] {
        var documents: [DocumentText] = []
        let text = TextEncoding.utf8(contents)
        var start = text.startIndex
        var firstLine = 1
        var line = 1
        var index = text.startIndex
        while index < text.endIndex {
            if index > start, isMarker(text[index...]) {
                documents += JSONText.split(DocumentText(text: text[start..<index], firstLine: firstLine))
                start = index
                firstLine = line
            }
            index = endOfLine(in: text, from: index)
            line += 1
        }
        documents += JSONText.split(DocumentText(text: text[start...], firstLine: firstLine))
        return documents
    }

    private static func isMarker(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.starts(with: "---".utf8) else { return false }
        guard let next = text.dropFirst(3).first else { return true }
        return [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(next)
    }

    /// The index after the line break that ends the line at `start`; a lone CR breaks a line too, as for libyaml.
    private static func endOfLine(in text: ArraySlice<UInt8>, from start: Int) -> Int {
        guard let end = text[start...].firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
        else { return text.endIndex }
        let isPair = text[end...].starts(with: "\r\n".utf8)
        return text.index(end, offsetBy: isPair ? 2 : 1)
    }
}

/// The encodings a manifest may come in.
enum TextEncoding {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian

    /// The encoding that a byte order mark names; UTF-8 without one.
    init(of contents: [UInt8]) {
        if contents.starts(with: [0xFF, 0xFE]) {
            self = .utf16LittleEndian
        } else if contents.starts(with: [0xFE, 0xFF]) {
            self = .utf16BigEndian
        } else {
            self = .utf8
        }
    }

    /// The text as UTF-8 without a byte order mark. Text that is no UTF-8 stays as it is: the parser says where.
    static func utf8(_ contents: [UInt8]) -> ArraySlice<UInt8> {
        switch TextEncoding(of: contents) {
        case .utf8: contents.starts(with: [0xEF, 0xBB, 0xBF]) ? contents.dropFirst(3) : contents[...]
        case .utf16LittleEndian: utf16(contents.dropFirst(2), high: 1) ?? contents[...]
        case .utf16BigEndian: utf16(contents.dropFirst(2), high: 0) ?? contents[...]
        }
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, high: Int) -> ArraySlice<UInt8>? {
        guard bytes.count.isMultiple(of: 2) else { return nil }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { index in
            UInt16(bytes[index + high]) << 8 | UInt16(bytes[index + 1 - high])
        }
        return String(validating: units, as: UTF16.self).map { Array($0.utf8)[...] }
    }
}
