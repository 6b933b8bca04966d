extension NodePolicy {
    /// Reads a policy from YAML or JSON.
    ///
    /// - Returns: the policy, or everything that is wrong with the file.
    public static func read(_ file: ManifestFile) -> (policy: NodePolicy?, diagnostics: [Diagnostic]) {
        let documents = Documents.split(file.contents)
        guard let document = documents.first else { return (NodePolicy(), []) }
        if let second = documents.dropFirst().first {
            return refused(
                Finding(
                    .error, at: Place(line: second.firstLine, column: 1), "a policy is one document",
                    hint: "remove the line \"---\""), in: file)
        }
        do {
            var composer = try Composer(document)
            let root: Node?
            do { root = try composer.root() } catch {
                return (nil, (composer.findings + [error.finding]).map { $0.diagnostic(in: file.path) })
            }
            var decoding = Decoding(kind: "NodePolicy", root: schema.descriptions, checksRules: true)
            guard let root, !root.isNull else { return (NodePolicy(), []) }
            let policy = schema.decode(root, &decoding)?.value
            let findings = composer.findings + decoding.findings
            let isSound = !findings.contains { $0.severity == .error }
            return (isSound ? policy : nil, findings.map { $0.diagnostic(in: file.path) })
        } catch {
            return refused(
                Finding(.error, at: Place(line: document.firstLine, column: 1), error.message, hint: error.hint),
                in: file)
        }
    }

    private static func refused(_ finding: Finding, in file: ManifestFile) -> (
        policy: NodePolicy?, diagnostics: [Diagnostic]
    ) {
        (nil, [finding.diagnostic(in: file.path)])
    }

    static let schema = ObjectSchema(
        "NodePolicy", blank: { NodePolicy() },
        [.field("rules", \.rules, .list(of: PolicyRule.schema.shape).obeying(.uniqueNames { $0.name }))])
}

extension PolicyRule {
    static let schema = ObjectSchema(
        "PolicyRule", blank: { PolicyRule(name: "", namespaces: [], allow: Allowance()) },
        [
            .field("name", \.name, .string.obeying(.dnsLabel), required: true),
            .field("namespaces", \.namespaces, .list(of: .string), required: true),
            .field("allow", \.allow, Allowance.schema.shape, required: true),
        ])
}

extension Allowance {
    static let schema = ObjectSchema(
        "Allowance", blank: { Allowance() },
        [
            .field("privileged", \.privileged, .boolean),
            .field("hostNetwork", \.hostNetwork, .boolean),
            .field("hostPID", \.hostPID, .boolean),
            .field("hostIPC", \.hostIPC, .boolean),
            .field("capabilities", \.capabilities, .list(of: .capability)),
            .field("sysctls", \.sysctls, .list(of: .string)),
            .field("hostPaths", \.hostPaths, .list(of: HostPathAllowance.schema.shape)),
            .field("hostPorts", \.hostPorts, .list(of: .portRange)),
        ])
}

extension HostPathAllowance {
    static let schema = ObjectSchema(
        "HostPathAllowance", blank: { HostPathAllowance(path: "") },
        [
            .field("path", \.path, .string.obeying(.absolutePath), required: true),
            .field("readOnly", \.readOnly, .boolean),
        ])
}

extension Shape where Value == PortRange {
    /// A port, or two with a hyphen between them.
    fileprivate static var portRange: Shape {
        Shape(
            scalar: "port", words: "a port from 1 to 65535, or two: \"80-90\"",
            value: { PortRange($0.string ?? $0.int.map { "\($0)" } ?? "") },
            encode: { .string("\($0.numbers.lowerBound)-\($0.numbers.upperBound)") })
    }
}

extension Rule where Value == String {
    /// From the root, without a way up in it.
    fileprivate static var absolutePath: Rule {
        .value(shownAs: { $0.quoted }) { path in
            (path.hasPrefix("/") ? [] : ["must be an absolute path"])
                + (path.split(separator: "/").contains("..") ? ["must not contain '..'"] : [])
        }
    }
}
