/// A file that says which images may be used, read as strictly as manifests.
///
/// Kinds of demands and the rule that the longest prefix decides are those of containers-policy.json(5), in fewer words.
public struct TrustFile: Sendable, Hashable {
    /// What is demanded of images.
    public enum Policy: String, Sendable, Hashable, CaseIterable {
        /// Nothing.
        case accept
        /// They are not to be used.
        case reject
        /// Their names must say their digests.
        case digest
        /// One of some keys must have signed them.
        case signature
    }

    /// What is demanded of the images of a registry, or of a part of one.
    public struct Rule: Sendable, Hashable {
        /// Which names it speaks of: `*` for all, `*.example.org`, `registry.example.org/team`, `docker.io/library/nginx`.
        public var prefix = ""
        /// The demand.
        public var policy = Policy.reject
        /// PEM files with public keys, one of which is enough; empty for any other policy than `signature`.
        public var keys: [String] = []
        /// The line that the prefix stands in, from 1.
        public var line = 0
    }

    /// In the order of the file.
    public let rules: [Rule]
    /// Everything wrong with the file; with an error among it, `rules` is empty.
    public let diagnostics: [Diagnostic]

    /// Reads a file.
    public init(_ file: ManifestFile) {
        let document = SettingsDocument(
            file, kind: "Trust", TrustRules.schema, oneDocument: "rules of trust are one document")
        rules = document.value?.rules ?? []
        diagnostics = document.diagnostics
    }
}

private struct TrustRules: Sendable {
    var rules: [TrustFile.Rule] = []

    static let schema = ObjectSchema(
        "Trust", blank: { TrustRules() },
        [
            .field(
                "rules", \.rules, .list(of: rule.shape.obeying(.keysForSignatures)).obeying(.onePrefixEach),
                required: true)
        ])

    private static let rule = ObjectSchema(
        "TrustRule", blank: { TrustFile.Rule() },
        [
            .field("prefix", \.placedPrefix, .placedText.obeying(.imagePrefix), required: true),
            .field("policy", \.policy, .word(), required: true),
            .field("keys", \.keys, .list(of: .string.obeying(.absolute))),
        ])
}

/// A text, and the line it stands in.
private struct PlacedText: Sendable, Hashable {
    let text: String
    let line: Int
}

extension TrustFile.Rule {
    fileprivate var placedPrefix: PlacedText {
        get { PlacedText(text: prefix, line: line) }
        set { (prefix, line) = (newValue.text, newValue.line) }
    }
}

extension Shape where Value == PlacedText {
    fileprivate static var placedText: Shape {
        let string = Shape<String>.string
        return Shape(
            string.name, form: string.form,
            decode: { node, decoding in
                string.decode(node, &decoding).map {
                    Decoded(value: PlacedText(text: $0.value, line: Int(node.place.line)), written: $0.written)
                }
            }, encode: { .string($0.text) })
    }
}

extension Rule where Value == PlacedText {
    /// All images, or a host and what follows it in the names of images. A name without a host would never be met.
    fileprivate static var imagePrefix: Rule {
        .value(shownAs: { $0.text.quoted }) { prefix in
            let text = prefix.text
            let host = String(text.prefix { $0 != "/" })
            if text == "*" { return [] }
            if text.contains("://") {
                return ["write it without \"\(text.prefix { $0 != ":" })://\": a host and a path"]
            }
            if text.hasSuffix("/") { return ["must not end with \"/\""] }
            if text.contains("@") || text.dropFirst(host.count).contains(":") {
                return ["must be a part of names without tag and digest"]
            }
            if ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"].contains(host.lowercased()) {
                return ["Docker's registry is called docker.io"]
            }
            guard host.contains(".") || host.contains(":") || host == "localhost" else {
                return ["must begin with a registry, as in docker.io/library/nginx"]
            }
            return text.contains(where: \.isWhitespace) ? ["must not have whitespace in it"] : []
        }
    }
}

extension Rule where Value == TrustFile.Rule {
    /// Keys are for signatures, and signatures need keys.
    fileprivate static var keysForSignatures: Rule {
        Rule { rule in
            if rule.policy == .signature, rule.keys.isEmpty {
                return [Violation(message: "keys: Required value: a signature is checked with public keys")]
            }
            if rule.policy != .signature, !rule.keys.isEmpty {
                return [Violation(message: "keys: Forbidden: they are for \"policy: signature\"")]
            }
            return []
        }
    }
}

extension Rule where Value == [TrustFile.Rule] {
    fileprivate static var onePrefixEach: Rule {
        Rule { rules in
            var seen: Set<String> = []
            return rules.enumerated().compactMap { index, rule in
                seen.insert(rule.prefix).inserted
                    ? nil
                    : Violation(
                        message: "Duplicate value: \(rule.prefix.quoted)", place: [.index(index), .field("prefix")])
            }
        }
    }
}
