import Manifests
import PodModel

/// The decision what of a revision this node takes over.
///
/// Each application is taken whole or stays as it was, with the reasons: nothing is ever deleted because of a file that
/// did not load.
public struct Acceptance: Hashable, Sendable {
    /// What this node should run from now on.
    public let slice: AcceptedSlice
    /// What became of the revision.
    public let verdict: RevisionEntry.Verdict
    /// Everything wrong with the revision, in the order of files and lines.
    public let diagnostics: [Diagnostic]

    /// Decides about a revision.
    ///
    /// - Parameters:
    ///   - previous: the slice accepted before; nil at first.
    ///   - loaded: what the revision's manifests say.
    ///   - unreadable: what of the revision was not read; its applications stay as they were.
    ///   - node: Pods that are for other nodes are not taken; that is no error.
    ///   - newUID: called once for each Pod that is new or must be recreated.
    public init(
        previous: AcceptedSlice?, loaded: LoadedManifests, unreadable: [UnreadableManifest] = [],
        revision: RevisionID, commit: CommitSummary, node: NodeProfile,
        now: WallTime, newUID: () -> PodUID
    ) {
        self.init(
            previous: previous, applications: LoadedApplication.split(loaded, for: node), unreadable: unreadable,
            revision: revision, commit: commit, node: node, now: now, newUID: newUID)
    }

    /// The same, of manifests that are sorted by application already.
    init(
        previous: AcceptedSlice?, applications loaded: [ApplicationName: LoadedApplication],
        unreadable: [UnreadableManifest], revision: RevisionID, commit: CommitSummary, node: NodeProfile,
        now: WallTime, newUID: () -> PodUID
    ) {
        let standing = PreviousStanding(previous)
        let broken = loaded.values.reduce(into: Set()) { $0.formUnion($1.broken) }
        var applications = loaded
        applications.note(unreadable, standing)
        for name in applications.keys {
            applications[name]?.pods.removeAll { node.refusal(of: $0.pod, isHere: standing.holds($0.pod)) != nil }
        }
        for name in applications.keys {
            for pod in applications[name]?.pods ?? [] {
                applications[name]?.diagnostics += node.policy.refusals(of: pod)
            }
        }
        refuseContestedObjects(in: &applications, standing)

        var pods: [AcceptedPod] = []
        var objects: [AcceptedObject] = []
        var refused: Set<ObjectName> = []
        for (name, application) in applications.sorted(by: { $0.key < $1.key }) {
            if application.isValid {
                pods += application.pods.map { standing.accept($0, into: name, now: now, newUID: newUID) }
                objects += application.objects.map { standing.accept($0, into: name, now: now) }
            } else {
                pods += standing.pods[name] ?? []
                objects += standing.objects[name] ?? []
                refused.formUnion(standing.names(of: name))
            }
        }
        // Looked up rather than put together: what stood before is of this node, what is defined is of all.
        let valid = applications.values.filter(\.isValid).map(\.defined)
        func isSettled(_ name: ObjectName) -> Bool {
            refused.contains(name) || valid.contains { $0.contains(name) }
        }
        let doubt = Doubt(broken, unreadable, applications: applications, since: standing.unread)
        let kept = standing.all.filter { !isSettled(ObjectName($0.name)) }.compactMap(doubt.keep)
        let keptObjects = standing.allObjects.filter { !isSettled($0.name) }.compactMap(doubt.keep)
        let vanished = Set(kept.map(\.application) + keptObjects.map(\.application)).subtracting(applications.keys)
        let used = (objects + keptObjects).firstOfEachName
        let configuration = ConfigurationObjects(used)
        slice = AcceptedSlice(
            revision: revision, commit: commit, acceptedAt: now,
            pods: (pods + kept).map { $0.taking(SourceDigests(of: $0.pod, $0.uid, from: configuration)) },
            objects: used,
            applications: applications.values.map { application in
                AcceptedApplication(
                    name: application.name,
                    revision: application.isValid ? revision : standing.revisions[application.name],
                    diagnostics: application.diagnostics)
            } + vanished.map { AcceptedApplication(name: $0, revision: standing.revisions[$0], diagnostics: []) },
            unread: doubt.unread)
        verdict = RevisionEntry.Verdict(
            refused: applications.values.count { !$0.isValid }, of: applications.count,
            isUnchanged: previous.map(slice.asks(forTheSameAs:)) ?? false)
        diagnostics = (applications.values.flatMap(\.diagnostics) + Diagnostic.notices(of: kept, keptObjects))
            .sorted { $0.position < $1.position }
    }
}

extension RevisionEntry.Verdict {
    fileprivate init(refused: Int, of all: Int, isUnchanged: Bool) {
        self =
            switch refused {
            case 0: isUnchanged ? .unchanged : .accepted
            case all: .refused
            default: .partlyAccepted
            }
    }
}

extension AcceptedSlice {
    /// Whether two slices ask for the same Pods, and give them the same to use, in every field: then there is nothing to
    /// be done for the newer one.
    func asks(forTheSameAs other: AcceptedSlice) -> Bool {
        pods.count == other.pods.count
            && zip(pods, other.pods).allSatisfy { $0.uid == $1.uid && $0.written == $1.written }
            && objects.count == other.objects.count
            && zip(objects, other.objects).allSatisfy { $0.object == $1.object }
    }
}

extension [AcceptedObject] {
    /// Without the Namespaces that another application defines too.
    fileprivate var firstOfEachName: [AcceptedObject] {
        var seen: Set<ObjectName> = []
        return filter { seen.insert($0.name).inserted }
    }
}
