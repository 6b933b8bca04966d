/// Text that is no YAML: what libyaml says, and where.
struct SyntaxError: Error, Hashable {
    /// libyaml's words for what is wrong.
    let problem: String
    /// libyaml's words for what it was reading, for example `while parsing a block mapping`.
    let context: String?
    let mark: Mark

    /// What is wrong, in words for the person who wrote the text.
    var message: String {
        if let words = Self.words.first(where: { problem.hasPrefix($0.problem) && matches($0.context) }) {
            return words.message
        }
        return "invalid YAML: \(problem)\(context.map { " \($0)" } ?? "")"
    }

    /// What most often causes it.
    var hint: String? { Self.words.first { problem.hasPrefix($0.problem) && matches($0.context) }?.hint }

    private func matches(_ wanted: String?) -> Bool {
        wanted.map { context?.hasPrefix($0) ?? false } ?? true
    }

    private typealias Words = (problem: String, context: String?, message: String, hint: String?)

    /// libyaml's commonest complaints. The first that matches is taken.
    private static let words: [Words] = [
        (
            "found character that cannot start any token", nil, "a value cannot begin with this character",
            "put the value in quotes; indent with spaces, never with tabs"
        ),
        (
            "found a tab character that violates indentation", nil, "a tab is used for indentation",
            "indent with spaces"
        ),
        (
            "mapping values are not allowed in this context", nil, "a \":\" cannot stand here",
            "check the indentation of this line and the one before; put a value that contains \": \" in quotes"
        ),
        (
            "block sequence entries are not allowed in this context", nil, "a list item cannot stand here",
            "put the list on lines of its own below its key"
        ),
        (
            "could not find expected ':'", nil, "a \":\" is missing after a key",
            "write \"key: value\", with a space after the colon; check the indentation"
        ),
        (
            "did not find expected key", "while parsing a block mapping", "a key was expected here",
            "keys of one mapping begin in the same column"
        ),
        (
            "did not find expected '-' indicator", nil, "a list item (\"- \") was expected here",
            "items of one list begin in the same column"
        ),
        ("did not find expected ',' or '}'", nil, "a \",\" or \"}\" is missing", nil),
        ("did not find expected ',' or ']'", nil, "a \",\" or \"]\" is missing", nil),
        ("found unexpected end of stream", "while scanning a quoted scalar", "a closing quote is missing", nil),
        (
            "found unexpected document indicator", "while scanning a quoted scalar", "a closing quote is missing", nil
        ),
        (
            "found unknown escape character", nil, "an unknown escape after \"\\\" in double quotes",
            "write \"\\\\\" for a backslash, or use single quotes"
        ),
        (
            "did not find expected <document start>", nil, "the document ends before this line",
            "separate documents by a line with \"---\"; directives such as %YAML are not read"
        ),
        ("control characters are not allowed", nil, "a control character is not allowed in YAML", "remove it"),
        ("invalid leading UTF-8 octet", nil, "the text is not UTF-8", "save the file as UTF-8"),
        ("invalid trailing UTF-8 octet", nil, "the text is not UTF-8", "save the file as UTF-8"),
        ("incomplete UTF-8 octet sequence", nil, "the text is not UTF-8", "save the file as UTF-8"),
        ("invalid Unicode character", nil, "the text is not UTF-8", "save the file as UTF-8"),
    ]
}
