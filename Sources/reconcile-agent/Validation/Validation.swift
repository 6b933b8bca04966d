import Manifests
import PodModel
import Reconciler

/// What an agent that never saw these manifests before would say to them.
struct Validation {
    /// How many files hold manifests.
    let fileCount: Int
    /// Every object without an error, in the order of kinds, files and lines.
    let objects: [ValidObject]
    /// Everything worth saying, in the order of files and lines.
    let findings: [Diagnostic]

    /// Loads the manifests and has them accepted as the agent does.
    ///
    /// - Parameters:
    ///   - node: the node they are for; nil when they may be for several.
    ///   - policy: what Pods may ask of whichever node it is.
    init(_ manifests: ManifestsAtPath, for node: NodeProfile?, under policy: NodePolicy) {
        let loaded = Manifests.load(manifests.files)
        let acceptance = Acceptance(
            previous: nil, loaded: loaded, unreadable: manifests.unreadable,
            revision: RevisionID("working tree"),
            commit: CommitSummary(author: "", email: "", committedAt: .epoch, subject: ""),
            node: node ?? NodeProfile(name: "", policy: policy), now: .epoch, newUID: { PodUID("not yet given") })
        fileCount = manifests.files.count + manifests.unreadable.count
        objects =
            loaded.pods.map { ValidObject("Pod", $0.pod.metadata, $0.position) }
            + loaded.configMaps.map { ValidObject("ConfigMap", $0.object.metadata, $0.position) }
            + loaded.secrets.map { ValidObject("Secret", $0.object.metadata, $0.position) }
            + loaded.namespaces.map { ValidObject("Namespace", $0.object.metadata, $0.position) }
        findings = (acceptance.diagnostics + loaded.pods.compactMap { Self.notice(about: $0, on: node) })
            .sorted { $0.position < $1.position }
    }

    var errorCount: Int { findings.count { $0.severity == .error } }
    var noticeCount: Int { findings.count { $0.severity == .notice } }

    /// What is to be known of a Pod that is not for every node.
    private static func notice(about pod: LoadedPod, on node: NodeProfile?) -> Diagnostic? {
        let name = PodName(pod.pod)
        guard let node else {
            return pod.pod.spec.nodeName.map {
                Diagnostic(.notice, at: pod.position, "Pod \(name) is for node \($0) alone (spec.nodeName)")
            }
        }
        return node.refusal(of: pod.pod, isHere: false).map {
            Diagnostic(.notice, at: pod.position, "Pod \(name) is not run on node \(node.name): it \($0)")
        }
    }
}

/// An object that was read without an error.
struct ValidObject: Hashable {
    let kind: String
    let metadata: ObjectMeta
    let position: SourcePosition

    init(_ kind: String, _ metadata: ObjectMeta, _ position: SourcePosition) {
        self.kind = kind
        self.metadata = metadata
        self.position = position
    }
}
