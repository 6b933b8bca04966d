/// What one file holds, whatever it is called and whatever else there is.
///
/// Depends on the file's bytes alone: who reads a repository again and again keeps it by the content's id and reads only
/// what is new. Keeps nothing of the text but the objects that were read without an error, and every finding.
public struct FileManifests: Sendable, Hashable {
    private(set) var pods: [FileObject<Pod>] = []
    private(set) var configMaps: [FileObject<ConfigMap>] = []
    private(set) var secrets: [FileObject<Secret>] = []
    private(set) var namespaces: [FileObject<Namespace>] = []
    private(set) var findings: [Finding] = []
    private(set) var withoutEffect: [WithoutEffect] = []

    /// Reads a file. Never stops at the first error: a broken document loses no other document.
    public init(contents: [UInt8]) {
        if let refusal = Self.refusal(of: contents) {
            findings.append(refusal)
            return
        }
        for document in Documents.split(contents) { read(document) }
        boundFindings()
    }

    /// The most findings that are kept of one file: nobody reads more, and a file of noise has a million.
    static let mostFindings = 1000

    /// Leaves out what is too much, and says so.
    private mutating func boundFindings() {
        let more = findings.count - Self.mostFindings
        guard more > 0 else { return }
        let first = findings.sorted { $0.place < $1.place }.prefix(Self.mostFindings)
        let end = first.last?.place ?? Place(line: 1, column: 1)
        let severity = findings.contains { $0.severity == .error } ? Diagnostic.Severity.error : .notice
        findings = first + [Finding(severity, at: end, "\(more) more findings in this file are not shown")]
    }

    /// What no text file is.
    private static func refusal(of contents: [UInt8]) -> Finding? {
        let start = Place(line: 1, column: 1)
        if contents.count > Manifests.largestFile {
            return Finding(
                .error, at: start,
                "the file has \(Bytes(contents.count)) bytes, more than \(Bytes(Manifests.largestFile))",
                hint: "split it, or keep what is no manifest out of the folder that is followed")
        }
        guard contents.contains(0), TextEncoding(of: contents) == .utf8 else { return nil }
        return Finding(
            .error, at: start, "the file is not text",
            hint: "keep what is no manifest out of the folder that is followed, or give it another ending")
    }

    private mutating func read(_ document: DocumentText) {
        do {
            var composer = try Composer(document)
            let root: Node?
            do { root = try composer.root() } catch {
                findings += composer.findings + [error.finding]
                return
            }
            findings += composer.findings
            guard let root, !root.isNull else { return }
            read(root, isSound: !composer.findings.contains { $0.severity == .error })
        } catch {
            report(error.message, at: Place(line: document.firstLine, column: 1), hint: error.hint)
        }
    }

    /// Reads one object.
    ///
    /// - Parameter isSound: false when its YAML had errors already: it is read for more of them, and not used.
    private mutating func read(_ node: Node, isSound: Bool) {
        if node.isUnreadable { return }
        guard case .map = node.content else {
            return report("expected an object with apiVersion and kind, found \(node.sort)", at: node.place)
        }
        guard let kind = node["kind"] else {
            return report("kind: Required value", at: node.place, hint: "write \"kind: Pod\"")
        }
        guard case .scalar(.string(let name), _) = kind.content else {
            if kind.isUnreadable { return }
            return report("kind: expected a string, found \(kind.words)", at: kind.place)
        }
        switch name {
        case "Pod":
            if var pod = read(node, as: name, Pod.schema, Pod.schema.shape, isSound) {
                pod.asked = AskedPlaces(node)
                pods.append(pod)
            }
        case "ConfigMap":
            read(node, as: name, ConfigMap.schema, ConfigMap.shape, isSound).map { configMaps.append($0) }
        case "Secret": read(node, as: name, Secret.schema, Secret.shape, isSound).map { secrets.append($0) }
        case "Namespace":
            read(node, as: name, Namespace.schema, Namespace.schema.shape, isSound).map { namespaces.append($0) }
        case "List": readList(node, isSound)
        default:
            let refusal = Kinds.refusal(of: name, apiVersion: node["apiVersion"])
            report(refusal.message, at: kind.place, hint: refusal.hint)
        }
    }

    private mutating func read<Object>(
        _ node: Node, as kind: String, _ schema: ObjectSchema<Object>, _ shape: Shape<Object>, _ isSound: Bool
    ) -> FileObject<Object>? {
        var decoding = Decoding(
            kind: kind, root: schema.descriptions, checksRules: true, hidesValues: kind == "Secret")
        let decoded = shape.decode(node, &decoding)
        findings += decoding.findings
        withoutEffect += decoding.withoutEffect
        guard let decoded, isSound, !decoding.hasErrors else { return nil }
        return FileObject(object: decoded.value, written: decoded.written, place: node.place)
    }

    private mutating func readList(_ node: Node, _ isSound: Bool) {
        let schema = ItemList.schema
        var decoding = Decoding(kind: "List", root: schema.descriptions, checksRules: true)
        let list = schema.decode(node, &decoding)
        findings += decoding.findings
        withoutEffect += decoding.withoutEffect
        for item in list?.value.items ?? [] { read(item, isSound: isSound && !decoding.hasErrors) }
    }

    private mutating func report(_ message: String, at place: Place, hint: String? = nil) {
        findings.append(Finding(.error, at: place, message, hint: hint))
    }
}

/// An object that was read without an error.
struct FileObject<Object: Sendable & Hashable>: Sendable, Hashable {
    let object: Object
    let written: JSONValue
    let place: Place
    /// Of a Pod.
    var asked = AskedPlaces()
}
