/// What is found while one object is decoded.
struct Decoding {
    private(set) var findings: [Diagnostic] = []
    /// Whether values are held to Kubernetes' rules. Records are not: what was valid when it was stored stays readable.
    let checksRules: Bool

    /// The table of the whole kind, to find fields that were written in the wrong object.
    let root: [FieldDescription]

    init(of root: [FieldDescription], checksRules: Bool) {
        self.root = root
        self.checksRules = checksRules
    }

    /// How many findings spoil the object.
    private(set) var errors = 0

    /// Whether something was found that spoils the object.
    var hasErrors: Bool { errors > 0 }

    mutating func report(
        _ message: String, at place: SourcePosition, hint: String? = nil, severity: Diagnostic.Severity = .error
    ) {
        if severity == .error { errors += 1 }
        findings.append(Diagnostic(severity, at: place, message, hint: hint))
    }

    /// Reports that a value is of another type than its field.
    mutating func mismatch(_ expected: String, _ node: Node, _ path: FieldPath, hint: String? = nil) {
        if node.isUnreadable { return }
        report("\(path.words): expected \(expected), found \(node.words)", at: node.position, hint: hint)
    }

    /// Says what becomes of a field that is written and not acted upon.
    mutating func report(_ verdict: Verdict, on entry: Node.Entry, in path: FieldPath) {
        if entry.value.isUnreadable { return }
        let field = "field \(entry.key.quoted) in \(path.wordsWithKind)"
        switch verdict {
        case .supported: break
        case .noticed(let reason, let expected):
            let value = entry.value.json
            if value.isEmpty || expected.contains(value) { return }
            report(
                "\(field) is accepted and has no effect here: \(reason)", at: entry.keyPosition, severity: .notice)
        case .refused(let harmless, let instead):
            if harmless.contains(entry.value.json) { return }
            report("\(field) is not supported by this version", at: entry.keyPosition, hint: instead)
        }
    }
}
