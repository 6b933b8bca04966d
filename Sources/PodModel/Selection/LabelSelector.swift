/// Which labels are asked for, written as `kubectl -l` takes it: `app=web,tier!=cache,env in (a, b),!legacy`.
///
/// Rules: Kubernetes' `apimachinery/pkg/labels`. Requirements are separated by commas and must all hold.
public struct LabelSelector: Hashable, Sendable {
    /// One condition on one label.
    public enum Requirement: Hashable, Sendable {
        /// The label is there with one of these values: `a=b`, `a==b`, `a in (b, c)`.
        case isIn(key: String, values: Set<String>)
        /// The label is not there, or has none of these values: `a!=b`, `a notin (b, c)`.
        case isNotIn(key: String, values: Set<String>)
        /// The label is there: `a`.
        case exists(key: String)
        /// The label is not there: `!a`.
        case isAbsent(key: String)
    }

    /// All of them must hold; none hold for everything.
    public let requirements: [Requirement]

    /// Reads a selector; nil when it is none.
    public init?(_ text: String) {
        var parser = SelectorParser(text)
        guard let requirements = parser.requirements() else { return nil }
        self.requirements = requirements
    }

    /// Whether an object with these labels is meant.
    public func selects(_ labels: [String: String]) -> Bool { requirements.allSatisfy { $0.holds(for: labels) } }
}

extension LabelSelector.Requirement {
    fileprivate func holds(for labels: [String: String]) -> Bool {
        switch self {
        case .isIn(let key, let values): labels[key].map(values.contains) ?? false
        case .isNotIn(let key, let values): labels[key].map { !values.contains($0) } ?? true
        case .exists(let key): labels[key] != nil
        case .isAbsent(let key): labels[key] == nil
        }
    }
}

/// Words, signs and parentheses, from left to right.
private struct SelectorParser {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func requirements() -> [LabelSelector.Requirement]? {
        skipBlanks()
        if rest.isEmpty { return [] }
        var all: [LabelSelector.Requirement] = []
        repeat {
            guard let requirement = requirement() else { return nil }
            all.append(requirement)
        } while take(",")
        return rest.isEmpty ? all : nil
    }

    private mutating func requirement() -> LabelSelector.Requirement? {
        if take("!") { return word().map { .isAbsent(key: $0) } }
        guard let key = word() else { return nil }
        if take("!=") { return .isNotIn(key: key, values: [word() ?? ""]) }
        if take("==") || take("=") { return .isIn(key: key, values: [word() ?? ""]) }
        switch rest.prefix(while: Self.isOfWord) {
        case "in": return set().map { .isIn(key: key, values: $0) }
        case "notin": return set().map { .isNotIn(key: key, values: $0) }
        case "": return .exists(key: key)
        default: return nil
        }
    }

    /// `in (a, b)`, from its operator on.
    private mutating func set() -> Set<String>? {
        _ = word()
        guard take("(") else { return nil }
        var values: Set<String> = []
        repeat { values.insert(word() ?? "") } while take(",")
        return take(")") ? values : nil
    }

    private mutating func word() -> String? {
        let word = rest.prefix(while: Self.isOfWord)
        rest = rest.dropFirst(word.count)
        skipBlanks()
        return word.isEmpty ? nil : String(word)
    }

    private mutating func take(_ sign: String) -> Bool {
        guard rest.hasPrefix(sign) else { return false }
        rest = rest.dropFirst(sign.count)
        skipBlanks()
        return true
    }

    private mutating func skipBlanks() { rest = rest.drop { $0.isWhitespace } }

    private static func isOfWord(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-_./".contains(character))
    }
}
