import Manifests
import PodModel

/// One application as a revision has it: what loaded, and what did not.
struct LoadedApplication {
    let name: ApplicationName
    var pods: [LoadedPod] = []
    var diagnostics: [Diagnostic] = []

    var isValid: Bool { !diagnostics.contains { $0.severity == .error } }

    /// Sorts what was loaded by application. An application without files is not there.
    static func split(
        _ loaded: LoadedManifests, unreadable: [UnreadableManifest], _ standing: PreviousStanding
    ) -> [ApplicationName: LoadedApplication] {
        var applications: [ApplicationName: LoadedApplication] = [:]
        for pod in loaded.pods {
            let name = ApplicationName(file: pod.position.file)
            applications[name, default: LoadedApplication(name: name)].pods.append(pod)
        }
        for diagnostic in loaded.diagnostics {
            let name = ApplicationName(file: diagnostic.position.file)
            applications[name, default: LoadedApplication(name: name)].diagnostics.append(diagnostic)
        }
        for entry in unreadable {
            let name = ApplicationName(unreadable: entry)
            let isAtStake = !entry.isIncidental || standing.pods[name] != nil
            applications[name, default: LoadedApplication(name: name)].diagnostics
                .append(Diagnostic(entry, isAtStake ? .error : .notice))
        }
        for name in applications.keys { applications[name]?.refuseRepeatedPods() }
        return applications
    }

    /// One application may not hold two Pods of one name.
    private mutating func refuseRepeatedPods() {
        var first: [PodName: SourcePosition] = [:]
        for pod in pods {
            let name = PodName(pod.pod)
            if let position = first[name] {
                let message = "Pod \(name) is defined twice; the first definition is at \(position)"
                diagnostics.append(Diagnostic(.error, at: pod.position, message, hint: "rename or remove one of them"))
            } else {
                first[name] = pod.position
            }
        }
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
