import Manifests
import PodModel
import Reconciler

/// What taking over a revision would change on this node. Decided by what decides for the agent: nothing is changed.
struct NodeDifference {
    let revision: RevisionID
    let commit: CommitSummary
    let pods: [PodDifference]
    /// What comes, goes or changes of what Pods may use.
    let objects: [ObjectDifference]
    /// How many Pods stay as they are.
    let unchanged: Int
    /// What is wrong with the revision; the applications it is about would stay as they are.
    let diagnostics: [Diagnostic]

    /// - Parameters:
    ///   - snapshot: the revision.
    ///   - previous: what was accepted before.
    ///   - observed: what runs.
    ///   - node: Pods that are for others are not taken.
    ///   - pressures: what the node is short of.
    init(
        _ snapshot: SourceSnapshot, previous: AcceptedSlice?, observed: [ObservedPod], node: NodeProfile,
        pressures: Set<NodePressureKind> = [], now: Moment
    ) {
        var chance = SystemRandomNumberGenerator()
        let acceptance = Acceptance(
            previous: previous, loaded: Manifests.load(snapshot.files),
            unreadable: snapshot.unreadable, revision: snapshot.revision, commit: snapshot.commit, node: node,
            now: now.wall, newUID: { PodUID.random(using: &chance) })
        let slice =
            acceptance.slice.renewing(among: observed, at: now.wall, newUID: { PodUID.random(using: &chance) })
            ?? acceptance.slice
        let plan = NodePlan(accepted: slice, observed: observed)
        let running = Dictionary(
            observed.filter { $0.record.deletion == nil }.map { ($0.record.accepted.name, $0.record.accepted) },
            uniquingKeysWith: { first, _ in first })
        let wanted = Dictionary(slice.pods.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        revision = snapshot.revision
        commit = snapshot.commit
        diagnostics = acceptance.diagnostics
        let admission = Admission(
            plan, observed: observed, allocatable: node.allocatable, pressures: pressures, foretelling: true)
        pods = plan.changes.map {
            PodDifference(
                $0, old: running[$0.pod], new: wanted[$0.pod],
                wait: admission.waits[wanted[$0.pod]?.uid ?? $0.uid], kept: admission.replacements[$0.uid])
        }
        objects = ObjectDifference.all(from: previous?.objects ?? [], to: slice.objects)
        unchanged = plan.entries.count { !$0.change.isChange && wanted[$0.pod] != nil }
    }

    /// 5 when manifests are invalid, else 1 when anything differs.
    var exitStatus: ExitStatus {
        if diagnostics.contains(where: { $0.severity == .error }) { return .invalidManifests }
        return pods.isEmpty && objects.isEmpty ? .success : .notFound
    }
}
