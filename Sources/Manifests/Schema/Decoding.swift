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

    /// Whether something was found that spoils the object.
    var hasErrors: Bool { findings.contains { $0.severity == .error } }

    mutating func report(
        _ message: String, at place: SourcePosition, hint: String? = nil, severity: Diagnostic.Severity = .error
    ) {
        findings.append(Diagnostic(severity, at: place, message, hint: hint))
    }

    /// Reports that a value is of another type than its field.
    mutating func mismatch(_ expected: String, _ node: Node, _ path: FieldPath, hint: String? = nil) {
        if node.isUnreadable { return }
        report("\(path.words): expected \(expected), found \(node.words)", at: node.position, hint: hint)
    }
}
