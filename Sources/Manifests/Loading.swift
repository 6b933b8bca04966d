/// Objects and findings as they come up, document after document.
struct Loading {
    private(set) var pods: [LoadedPod] = []
    private(set) var findings: [Diagnostic] = []
    private var definitions: [Identity: SourcePosition] = [:]

    /// Definitions are compared within a file: what files say against each other is judged by who takes them over.
    private struct Identity: Hashable {
        let file: String
        let namespace: String
        let name: String
    }

    /// Reads one document of a file.
    mutating func read(_ document: DocumentText, of file: String) {
        do {
            var composer = try Composer(document, file: file)
            let root: Node?
            do { root = try composer.root() } catch {
                findings += composer.findings + [error.diagnostic]
                return
            }
            findings += composer.findings
            guard let root, !root.isNull else { return }
            read(root, isSound: !composer.findings.contains { $0.severity == .error })
        } catch {
            let start = SourcePosition(file: file, line: document.firstLine, column: 1)
            findings.append(Diagnostic(.error, at: start, error.message, hint: error.hint))
        }
    }

    /// Reads one object.
    ///
    /// - Parameter isSound: false when its YAML had errors already: it is read for more of them, and not used.
    private mutating func read(_ node: Node, isSound: Bool) {
        if node.isUnreadable { return }
        guard case .map = node.content else {
            return report("expected an object with apiVersion and kind, found \(node.words)", at: node.position)
        }
        guard let kind = node["kind"] else {
            return report("kind: Required value", at: node.position, hint: "write \"kind: Pod\"")
        }
        guard case .scalar(.string(let name), _) = kind.content else {
            if kind.isUnreadable { return }
            return report("kind: expected a string, found \(kind.words)", at: kind.position)
        }
        switch name {
        case "Pod": readPod(node, isSound: isSound)
        case "List": readList(node, isSound: isSound)
        default:
            let refusal = Kinds.refusal(of: name, apiVersion: node["apiVersion"])
            report(refusal.message, at: kind.position, hint: refusal.hint)
        }
    }

    private mutating func readPod(_ node: Node, isSound: Bool) {
        var decoding = Decoding(of: Pod.schema.descriptions, checksRules: true)
        let pod = Pod.schema.shape.decode(node, FieldPath(kind: "Pod"), &decoding)
        findings += decoding.findings
        guard let pod, isSound, !decoding.hasErrors else { return }
        let identity = Identity(
            file: node.position.file, namespace: pod.metadata.namespace, name: pod.metadata.name)
        if let first = definitions[identity] {
            return report(
                "Pod \(identity.name.quoted) in namespace \(identity.namespace.quoted) is defined twice, "
                    + "first at \(first)",
                at: node.position, hint: "rename or remove one of them")
        }
        definitions[identity] = node.position
        let written = pod.encoded.restricted(to: node)
        pods.append(LoadedPod(pod: pod, written: written, position: node.position))
    }

    private mutating func readList(_ node: Node, isSound: Bool) {
        var decoding = Decoding(of: ItemList.schema.descriptions, checksRules: true)
        let list = ItemList.schema.shape.decode(node, FieldPath(kind: "List"), &decoding)
        findings += decoding.findings
        for item in list?.items ?? [] { read(item, isSound: isSound && !decoding.hasErrors) }
    }

    private mutating func report(_ message: String, at place: SourcePosition, hint: String? = nil) {
        findings.append(Diagnostic(.error, at: place, message, hint: hint))
    }
}
