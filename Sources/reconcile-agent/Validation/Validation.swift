import Manifests
import PodModel
import Reconciler

/// What an agent that never saw these manifests before would say to them.
struct Validation {
    /// How many files hold manifests.
    let fileCount: Int
    /// Every Pod without an error, in the order of files and lines.
    let pods: [LoadedPod]
    /// Everything worth saying, in the order of files and lines.
    let findings: [Diagnostic]

    /// Loads the manifests and has them accepted as the agent does.
    ///
    /// - Parameter nodeName: the node they are for; nil when they may be for several.
    init(_ manifests: ManifestsAtPath, nodeName: String?) {
        let loaded = Manifests.load(manifests.files)
        let acceptance = Acceptance(
            previous: nil, loaded: loaded, unreadable: manifests.unreadable,
            revision: RevisionID("working tree"),
            commit: CommitSummary(author: "", email: "", committedAt: .epoch, subject: ""),
            node: NodeProfile(name: nodeName ?? ""), now: .epoch, newUID: { PodUID("not yet given") })
        fileCount = manifests.files.count + manifests.unreadable.count
        pods = loaded.pods
        findings = (acceptance.diagnostics + loaded.pods.compactMap { Self.notice(about: $0, on: nodeName) })
            .sorted { $0.position < $1.position }
    }

    var errorCount: Int { findings.count { $0.severity == .error } }
    var noticeCount: Int { findings.count { $0.severity == .notice } }

    /// What a Pod that is for one node alone should be known for.
    private static func notice(about pod: LoadedPod, on nodeName: String?) -> Diagnostic? {
        guard let wanted = pod.pod.spec.nodeName, wanted != nodeName else { return nil }
        let name = PodName(pod.pod)
        guard let nodeName else {
            return Diagnostic(.notice, at: pod.position, "Pod \(name) runs on node \"\(wanted)\" only (spec.nodeName)")
        }
        return Diagnostic(
            .notice, at: pod.position,
            "Pod \(name) is not run on node \"\(nodeName)\": its spec.nodeName is \"\(wanted)\"")
    }
}
