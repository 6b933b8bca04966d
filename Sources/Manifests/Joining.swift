/// Objects and findings of all files, as file after file is added.
struct Joining {
    private(set) var pods: [LoadedPod] = []
    private(set) var configMaps: [LoadedObject<ConfigMap>] = []
    private(set) var secrets: [LoadedObject<Secret>] = []
    private(set) var namespaces: [LoadedObject<Namespace>] = []
    private var diagnostics: [Diagnostic] = []
    private var definitions: [Identity: SourcePosition] = [:]
    private var notices: [Occasion: Notice] = [:]

    fileprivate struct Identity: Hashable {
        let group: String
        let kind: String
        let namespace: String
        let name: String
    }

    /// A field that has no effect, wherever in a group it stands.
    fileprivate struct Occasion: Hashable {
        let group: String
        let field: String
        let object: String
        let reason: String
    }

    fileprivate struct Notice {
        let position: SourcePosition
        var count = 1
    }

    /// Adds a file.
    mutating func add(_ file: FileManifests, path: String, group: String) {
        diagnostics += file.findings.map { $0.diagnostic(in: path) }
        for field in file.withoutEffect { note(field, at: field.place.position(in: path), group) }
        for pod in file.pods {
            let position = pod.place.position(in: path)
            if define("Pod", pod.object.metadata, at: position, group) {
                let asked = pod.asked.places.mapValues { $0.position(in: path) }
                pods.append(LoadedPod(pod: pod.object, written: pod.written, position: position, asked: asked))
            }
        }
        configMaps += file.configMaps.compactMap { load($0, "ConfigMap", $0.object.metadata, path, group) }
        secrets += file.secrets.compactMap { load($0, "Secret", $0.object.metadata, path, group) }
        namespaces += file.namespaces.compactMap { load($0, "Namespace", $0.object.metadata, path, group) }
    }

    /// Every finding, sorted by position.
    var allDiagnostics: [Diagnostic] {
        (diagnostics + notices.map { $0.diagnostic(at: $1.position, count: $1.count) })
            .sorted { $0.position < $1.position }
    }

    private mutating func load<Object>(
        _ found: FileObject<Object>, _ kind: String, _ metadata: ObjectMeta, _ path: String, _ group: String
    ) -> LoadedObject<Object>? {
        let position = found.place.position(in: path)
        return define(kind, metadata, at: position, group) ? LoadedObject(found.object, at: position) : nil
    }

    /// Whether nothing else of this name was defined before; reports it otherwise.
    private mutating func define(
        _ kind: String, _ metadata: ObjectMeta, at position: SourcePosition, _ group: String
    ) -> Bool {
        let identity = Identity(group: group, kind: kind, namespace: metadata.namespace, name: metadata.name)
        guard let first = definitions.updateValue(position, forKey: identity) else { return true }
        definitions[identity] = first
        let home = metadata.namespace.isEmpty ? "" : " in namespace \(metadata.namespace.quoted)"
        diagnostics.append(
            Diagnostic(
                .error, at: position, "\(kind) \(metadata.name.quoted)\(home) is defined twice, first at \(first)",
                hint: "rename or remove one of them"))
        return false
    }

    private mutating func note(_ field: WithoutEffect, at position: SourcePosition, _ group: String) {
        let occasion = Occasion(group: group, field: field.field, object: field.object, reason: field.reason)
        notices[occasion, default: Notice(position: position, count: 0)].count += 1
    }
}

extension Joining.Occasion {
    fileprivate func diagnostic(at position: SourcePosition, count: Int) -> Diagnostic {
        let others = count > 1 ? " (also in \(count - 1) other place\(count > 2 ? "s" : ""))" : ""
        return Diagnostic(
            .notice, at: position,
            "field \(field.quoted) in \(object) is accepted and has no effect here: \(reason)\(others)")
    }
}
