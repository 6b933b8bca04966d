/// Which text would mean something else without quotes, to today's readers of YAML or to older ones.
enum YAMLQuoting {
    /// Whether go-yaml puts `text` in quotes whatever its letters: numbers, booleans, null, dates, base 60.
    static func isNeeded(for text: String) -> Bool {
        if CoreScalar(text) != .text { return true }
        guard let first = text.utf8.first, "+-0123456789".utf8.contains(first) else { return false }
        return isBase60(text) || isDate(text)
    }

    /// `1:30`, which YAML 1.1 reads as 90.
    private static func isBase60(_ text: String) -> Bool {
        text.wholeMatch(of: /[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?/) != nil
    }

    /// `2001-12-14`, also with a time; with a zone only after a `T`.
    private static func isDate(_ text: String) -> Bool {
        let date = /([0-9]{4})-(0?[1-9]|1[0-2])-([12][0-9]|3[01]|0?[1-9])/
        guard let match = text.prefixMatch(of: date) else { return false }
        let rest = text[match.range.upperBound...]
        let zoned = /[Tt][0-2]?[0-9]:[0-5]?[0-9]:[0-5]?[0-9](\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})/
        let local = /\ [0-2]?[0-9]:[0-5]?[0-9]:[0-5]?[0-9](\.[0-9]+)?/
        return rest.isEmpty || rest.wholeMatch(of: zoned) != nil || rest.wholeMatch(of: local) != nil
    }
}
