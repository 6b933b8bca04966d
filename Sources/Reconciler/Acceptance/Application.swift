import Manifests
import PodModel

/// One application as a revision has it: what loaded, and what did not.
struct LoadedApplication {
    let name: ApplicationName
    var pods: [LoadedPod] = []
    var objects: [LoadedConfiguration] = []
    var diagnostics: [Diagnostic] = []

    var isValid: Bool { !diagnostics.contains { $0.severity == .error } }

    /// Everything it defines, and where, Pods first.
    var definitions: [Definition] {
        pods.map { Definition(name: ObjectName(PodName($0.pod)), position: $0.position) }
            + objects.map { Definition(name: $0.object.name, position: $0.position) }
    }

    /// Sorts what was loaded by application. An application without files is not there.
    static func split(
        _ loaded: LoadedManifests, unreadable: [UnreadableManifest], _ standing: PreviousStanding
    ) -> [ApplicationName: LoadedApplication] {
        var applications: [ApplicationName: LoadedApplication] = [:]
        for pod in loaded.pods {
            let name = ApplicationName(file: pod.position.file)
            applications[name, default: LoadedApplication(name: name)].pods.append(pod)
        }
        for object in LoadedConfiguration.all(of: loaded) {
            let name = ApplicationName(file: object.position.file)
            applications[name, default: LoadedApplication(name: name)].objects.append(object)
        }
        for diagnostic in loaded.diagnostics {
            let name = ApplicationName(file: diagnostic.position.file)
            applications[name, default: LoadedApplication(name: name)].diagnostics.append(diagnostic)
        }
        for entry in unreadable {
            let name = ApplicationName(unreadable: entry)
            let isAtStake = !entry.isIncidental || standing.hasAnything(of: name)
            applications[name, default: LoadedApplication(name: name)].diagnostics
                .append(Diagnostic(entry, isAtStake ? .error : .notice))
        }
        for name in applications.keys { applications[name]?.refuseRepeatedObjects() }
        return applications
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

/// An object, and where it is defined.
struct Definition {
    let name: ObjectName
    let position: SourcePosition
}

/// An object other than a Pod, as a file has it.
struct LoadedConfiguration {
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
        let parts = file.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        self = parts.count == 2 ? ApplicationName(String(parts[0])) : .root
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
