/// What a registry wants to see before it answers: one challenge of a `WWW-Authenticate` header (RFC 9110, 11.6.1).
struct AuthenticationChallenge: Hashable, Sendable {
    /// In lower case: `basic`, `bearer`.
    let scheme: String
    /// Names in lower case.
    let parameters: [String: String]

    /// All challenges of a header's value. What is malformed ends the list.
    static func parse(_ header: String) -> [AuthenticationChallenge] {
        var scanner = ChallengeScanner(header)
        return scanner.challenges()
    }
}

/// Reads `Bearer realm="…",service="…", Basic realm="…"`: a word that no `=` follows begins the next challenge.
private struct ChallengeScanner {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func challenges() -> [AuthenticationChallenge] {
        var found: [AuthenticationChallenge] = []
        var scheme: String?
        var parameters: [String: String] = [:]
        func finish() {
            if let scheme { found.append(AuthenticationChallenge(scheme: scheme, parameters: parameters)) }
        }
        while true {
            skip { $0 == " " || $0 == "\t" || $0 == "," }
            let word = token()
            if word.isEmpty { break }
            skip { $0 == " " || $0 == "\t" }
            if scheme != nil, rest.first == "=" {
                rest.removeFirst()
                parameters[word.lowercased()] = value()
            } else {
                finish()
                (scheme, parameters) = (word.lowercased(), [:])
            }
        }
        finish()
        return found
    }

    private mutating func skip(while isSkipped: (Character) -> Bool) { rest = rest.drop(while: isSkipped) }

    private mutating func token() -> String {
        let word = rest.prefix { $0.isLetter || $0.isNumber || "!#$%&'*+-.^_`|~/".contains($0) }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    private mutating func value() -> String {
        skip { $0 == " " || $0 == "\t" }
        guard rest.first == "\"" else { return token() }
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let escaped = rest.popFirst() { text.append(escaped) } else { text.append(character) }
        }
        return text
    }
}
