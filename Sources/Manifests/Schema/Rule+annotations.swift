extension Rule where Value == [String: String] {
    /// What is written under this agent's own name means something: a typo in it is no silence.
    static var ownAnnotations: Rule {
        Rule { annotations in
            annotations.keys.filter { $0.hasPrefix(OwnAnnotation.prefix) }.sorted().compactMap { key in
                let known = OwnAnnotation.allCases.map(\.rawValue)
                if !known.contains(key) {
                    return Violation(
                        message: "Invalid value: \(key.quoted): no annotation of this agent",
                        hint: Nearest.name(to: key, in: known).map { "did you mean \($0.quoted)?" }
                            ?? "known are \(known.joined(separator: ", "))", place: [.key(key)])
                }
                let value = annotations[key] ?? ""
                if ["true", "false"].contains(value) { return nil }
                return Violation(
                    message: "Unsupported value: \(value.quoted): supported values: \"true\", \"false\"",
                    place: [.key(key)])
            }
        }
    }
}
