/// What Kubernetes demands of a value beyond its type.
struct Rule<Value>: Sendable {
    let check: @Sendable (Value) -> [Violation]

    /// A rule about a value as a whole: `complaints` gives what is wrong with it, in Kubernetes' words.
    static func value(
        shownAs show: @escaping @Sendable (Value) -> String, _ complaints: @escaping @Sendable (Value) -> [String]
    ) -> Rule {
        Rule { value in complaints(value).map { Violation(message: "Invalid value: \(show(value)): \($0)") } }
    }
}

/// A value that breaks a rule.
struct Violation: Hashable, Sendable {
    let severity: Diagnostic.Severity
    /// Kubernetes' words, to stand after the field's path.
    let message: String
    let hint: String?
    /// Where in the value; empty for the value itself.
    let place: [FieldPath.Step]

    init(
        _ severity: Diagnostic.Severity = .error, message: String, hint: String? = nil, place: [FieldPath.Step] = []
    ) {
        self.severity = severity
        self.message = message
        self.hint = hint
        self.place = place
    }
}

extension Rule where Value == Int {
    /// A number in a range (`validation.IsInRange`).
    static func between(_ range: ClosedRange<Int>) -> Rule {
        .value(shownAs: { String($0) }) { value in
            range.contains(value) ? [] : ["must be between \(range.lowerBound) and \(range.upperBound), inclusive"]
        }
    }

    /// Zero or more (`apimachinery.ValidateNonnegativeField`).
    static var nonNegative: Rule {
        .value(shownAs: { String($0) }) { $0 < 0 ? ["must be greater than or equal to 0"] : [] }
    }
}

extension Rule {
    /// No two items have the same name; items without one are left out.
    static func uniqueNames<Item>(
        _ name: @escaping @Sendable (Item) -> String?
    ) -> Rule where Value == [Item] {
        Rule { items in
            repeats(items, name).map { index, repeated in
                Violation(message: "Duplicate value: \(repeated.quoted)", place: [.index(index), .field("name")])
            }
        }
    }

    /// A later variable of the same name wins; Kubernetes warns.
    static func warnOfHiddenNames<Item>(
        _ name: @escaping @Sendable (Item) -> String?
    ) -> Rule where Value == [Item] {
        Rule { items in
            repeats(items, name).map { index, repeated in
                Violation(.notice, message: "hides previous definition of \(repeated.quoted)", place: [.index(index)])
            }
        }
    }

    private static func repeats<Item>(_ items: [Item], _ name: (Item) -> String?) -> [(Int, String)] {
        var seen: Set<String> = []
        return items.enumerated().compactMap { index, item in
            guard let name = name(item), !name.isEmpty, !seen.insert(name).inserted else { return nil }
            return (index, name)
        }
    }
}
