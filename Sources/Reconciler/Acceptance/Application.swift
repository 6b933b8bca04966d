import Manifests
import PodModel

/// One application as a revision has it: what loaded, and what did not.
///
/// Put together of its files and the node alone: it stays what it is as long as they do.
struct LoadedApplication: Hashable {
    let name: ApplicationName
    /// Those that may be for this node.
    var pods: [LoadedPod] = []
    var objects: [LoadedConfiguration] = []
    var diagnostics: [Diagnostic] = []
    /// Everything it defines, Pods for other nodes included.
    private(set) var defined: Set<ObjectName> = []
    /// Its files that have errors.
    private(set) var broken: Set<String> = []

    /// Nothing of it was read.
    init(name: ApplicationName) { self.name = name }

    /// Takes what an application's files hold. Pods that this node refuses, whatever stands here, are left out.
    init(name: ApplicationName, _ loaded: LoadedManifests, for node: NodeProfile) {
        self.name = name
        pods = loaded.pods
        objects = LoadedConfiguration.all(of: loaded)
        diagnostics = loaded.diagnostics
        broken = Set(diagnostics.filter { $0.severity == .error }.map(\.position.file))
        refuseRepeatedObjects()
        defined = Set(definitions.map(\.name))
        pods.removeAll { node.refusal(of: $0.pod, isHere: true) != nil }
    }

    var isValid: Bool { !diagnostics.contains { $0.severity == .error } }

    /// Whether anything was found: an application whose files say nothing is not there.
    var saysAnything: Bool { !defined.isEmpty || !diagnostics.isEmpty }

    /// What it defines for this node, and where, Pods first.
    var definitions: [Definition] {
        pods.map { Definition(name: ObjectName(PodName($0.pod)), position: $0.position) }
            + objects.map { Definition(name: $0.object.name, position: $0.position) }
    }

    /// Sorts what was loaded by application. An application without files is not there.
    static func split(_ loaded: LoadedManifests, for node: NodeProfile) -> [ApplicationName: LoadedApplication] {
        func grouped<Part>(_ parts: [Part], _ position: (Part) -> SourcePosition) -> [ApplicationName: [Part]] {
            Dictionary(grouping: parts) { ApplicationName(file: position($0).file) }
        }
        let pods = grouped(loaded.pods, \.position)
        let configMaps = grouped(loaded.configMaps, \.position)
        let secrets = grouped(loaded.secrets, \.position)
        let namespaces = grouped(loaded.namespaces, \.position)
        let diagnostics = grouped(loaded.diagnostics, \.position)
        let names = Set(pods.keys).union(configMaps.keys).union(secrets.keys).union(namespaces.keys)
            .union(diagnostics.keys)
        return names.reduce(into: [:]) { applications, name in
            applications[name] = LoadedApplication(
                name: name,
                LoadedManifests(
                    pods: pods[name] ?? [], configMaps: configMaps[name] ?? [], secrets: secrets[name] ?? [],
                    namespaces: namespaces[name] ?? [], diagnostics: diagnostics[name] ?? []), for: node)
        }
    }

    /// One application may not hold two objects of one kind and name.
    private mutating func refuseRepeatedObjects() {
        var first: [ObjectName: SourcePosition] = [:]
        for definition in definitions {
            if let position = first[definition.name] {
                let message = "\(definition.name) is defined twice; the first definition is at \(position)"
                diagnostics.append(
                    Diagnostic(.error, at: definition.position, message, hint: "rename or remove one of them"))
            } else {
                first[definition.name] = definition.position
            }
        }
    }
}

extension [ApplicationName: LoadedApplication] {
    /// Adds what could not be read: an error of the application it belongs to.
    mutating func note(_ unreadable: [UnreadableManifest], _ standing: PreviousStanding) {
        for entry in unreadable {
            let name = ApplicationName(unreadable: entry)
            let isAtStake = !entry.isIncidental || standing.hasAnything(of: name)
            self[name, default: LoadedApplication(name: name)].diagnostics
                .append(Diagnostic(entry, isAtStake ? .error : .notice))
        }
    }
}

/// An object, and where it is defined.
struct Definition {
    let name: ObjectName
    let position: SourcePosition
}

/// An object other than a Pod, as a file has it.
struct LoadedConfiguration: Hashable {
    let object: ConfigurationObject
    let position: SourcePosition

    /// Of all kinds, in the order of kinds, files and lines.
    static func all(of loaded: LoadedManifests) -> [LoadedConfiguration] {
        loaded.configMaps.map { LoadedConfiguration(object: .configMap($0.object), position: $0.position) }
            + loaded.secrets.map { LoadedConfiguration(object: .secret($0.object), position: $0.position) }
            + loaded.namespaces.map { LoadedConfiguration(object: .namespace($0.object), position: $0.position) }
    }
}

extension ApplicationName {
    /// The application of a file named relative to the followed path: its first directory, or `.`.
    init(file: String) {
        // By bytes: there are many files.
        self = file.utf8.firstIndex(of: UInt8(ascii: "/")).map { ApplicationName(String(file[..<$0])) } ?? .root
    }

    /// The application that something unreadable belongs to: what is not named as a manifest stands for a directory, and
    /// at the top that is an application of its own.
    fileprivate init(unreadable entry: UnreadableManifest) {
        self.init(file: ManifestFile(path: entry.path, contents: []).isManifest ? entry.path : "\(entry.path)/")
    }
}

extension Diagnostic {
    /// What could not be read is a finding about its first character.
    fileprivate init(_ entry: UnreadableManifest, _ severity: Severity) {
        self.init(
            severity, at: SourcePosition(file: entry.path, line: 1, column: 1), entry.message, hint: entry.hint)
    }
}
