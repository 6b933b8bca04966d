/// What is found while one object is decoded, and where the decoding is.
struct Decoding {
    private(set) var findings: [Finding] = []
    /// What was accepted though it has no effect.
    private(set) var withoutEffect: [WithoutEffect] = []
    /// How many findings spoil the object.
    private(set) var errors = 0
    /// The way from the object to what is being decoded.
    private(set) var path: FieldPath

    /// Whether values are held to Kubernetes' rules. Records are not: what was valid when it was stored stays readable.
    let checksRules: Bool
    /// The table of the whole kind, to find fields that were written in the wrong object.
    let root: [FieldDescription]
    /// Whether messages must not show what is written.
    let hidesValues: Bool

    init(kind: String, root: [FieldDescription], checksRules: Bool, hidesValues: Bool = false) {
        path = FieldPath(kind: kind)
        self.root = root
        self.checksRules = checksRules
        self.hidesValues = hidesValues
    }

    /// Whether something was found that spoils the object.
    var hasErrors: Bool { errors > 0 }

    /// Decodes a part of what is being decoded.
    mutating func at<Result>(_ step: FieldPath.Step, _ decode: (inout Decoding) -> Result) -> Result {
        path.steps.append(step)
        let result = decode(&self)
        path.steps.removeLast()
        return result
    }

    mutating func report(
        _ message: String, at place: Place, hint: String? = nil, severity: Diagnostic.Severity = .error
    ) {
        if severity == .error { errors += 1 }
        findings.append(Finding(severity, at: place, message, hint: hint))
    }

    /// Reports that a value is of another type than its field.
    ///
    /// - Parameter hint: may show the value.
    mutating func mismatch(_ expected: String, _ node: Node, hint: String? = nil) {
        if node.isUnreadable { return }
        report(
            "\(path.words): expected \(expected), found \(hidesValues ? node.sort : node.words)", at: node.place,
            hint: hidesValues ? nil : hint)
    }

    /// Says what becomes of a field that is written and not acted upon.
    mutating func report(_ verdict: Verdict, on entry: Node.Entry) {
        if entry.value.isUnreadable { return }
        switch verdict {
        case .supported: break
        case .noticed(let reason, let expected):
            let value = entry.value.json
            if value.isEmpty || expected.contains(value) { return }
            withoutEffect.append(
                WithoutEffect(place: entry.keyPlace, field: entry.key, object: path.pattern, reason: reason))
        case .refused(let harmless, let instead):
            if harmless.contains(entry.value.json) { return }
            report(
                "field \(entry.key.quoted) in \(path.wordsWithKind) is not supported by this version",
                at: entry.keyPlace, hint: instead ?? "remove it")
        }
    }
}

/// A field that is accepted and has no effect here: worth one notice, however often it is written.
struct WithoutEffect: Sendable, Hashable {
    let place: Place
    let field: String
    /// The object it stands in, the same for all items of a list.
    let object: String
    let reason: String
}

/// A value, and what its author wrote of it.
struct Decoded<Value> {
    var value: Value
    /// The written fields in canonical form: no defaults, and none that is null or empty.
    let written: JSONValue
}
