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
    ///   - nodeName: Pods that name another node are not taken.
    ///   - newUID: called once for each Pod that is new or must be recreated.
    public init(
        previous: AcceptedSlice?, loaded: LoadedManifests, unreadable: [UnreadableManifest] = [],
        revision: RevisionID, commit: CommitSummary, nodeName: String, now: WallTime, newUID: () -> PodUID
    ) {
        let standing = PreviousStanding(previous)
        var applications = LoadedApplication.split(loaded, unreadable: unreadable)
        for name in applications.keys {
            applications[name]?.pods.removeAll { ($0.pod.spec.nodeName ?? nodeName) != nodeName }
        }
        refuseContestedPods(in: &applications, standing)

        var pods: [AcceptedPod] = []
        for (name, application) in applications.sorted(by: { $0.key < $1.key }) {
            if application.isValid {
                pods += application.pods.map { standing.accept($0, into: name, now: now, newUID: newUID) }
            } else {
                pods += standing.pods[name] ?? []
            }
        }
        slice = AcceptedSlice(
            revision: revision, commit: commit, acceptedAt: now, pods: pods,
            applications: applications.values.map { application in
                AcceptedApplication(
                    name: application.name,
                    revision: application.isValid ? revision : standing.revisions[application.name],
                    diagnostics: application.diagnostics)
            })
        let refused = applications.values.count { !$0.isValid }
        verdict = refused == 0 ? .accepted : refused < applications.count ? .partlyAccepted : .refused
        diagnostics = applications.values.flatMap(\.diagnostics).sorted { $0.position < $1.position }
    }
}

/// What stood before, ready to be looked up.
private struct PreviousStanding {
    let pods: [ApplicationName: [AcceptedPod]]
    let byName: [PodName: AcceptedPod]
    let revisions: [ApplicationName: RevisionID]

    init(_ slice: AcceptedSlice?) {
        pods = Dictionary(grouping: slice?.pods ?? [], by: \.application)
        byName = Dictionary((slice?.pods ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        revisions = (slice?.applications ?? []).reduce(into: [:]) { $0[$1.name] = $1.revision }
    }

    /// A Pod keeps its UID as long as the fields that need a recreate are unchanged, wherever its file moved to.
    func accept(
        _ loaded: LoadedPod, into application: ApplicationName, now: WallTime, newUID: () -> PodUID
    ) -> AcceptedPod {
        let digest = PodDigest.digest(ofWritten: loaded.written)
        let same = byName[PodName(loaded.pod)].flatMap { old in
            PodDigest.digest(ofWritten: old.written) == digest ? old : nil
        }
        return AcceptedPod(
            uid: same?.uid ?? newUID(), pod: loaded.pod, digest: digest, written: loaded.written,
            application: application, createdAt: same?.createdAt ?? now, file: loaded.position.file)
    }
}

/// Refuses applications that claim a Pod another one has: the owner so far keeps it, else the first by name.
///
/// A refused application falls back to its previous Pods, which may be what yet another one claims now, so this goes on
/// until nobody claims anything twice. It ends: each round refuses one application, and previous Pods are unique.
private func refuseContestedPods(
    in applications: inout [ApplicationName: LoadedApplication], _ standing: PreviousStanding
) {
    while let (claim, owner) = firstContest(in: applications, standing) {
        let message = "Pod \(PodName(claim.pod.pod)) belongs to application \"\(owner)\" already"
        let diagnostic = Diagnostic(
            .error, at: claim.pod.position, message,
            hint: "rename this Pod, or remove it from \"\(owner)\" first")
        applications[claim.application]?.diagnostics.append(diagnostic)
    }
}

private struct Claim {
    let application: ApplicationName
    let pod: LoadedPod
}

private func firstContest(
    in applications: [ApplicationName: LoadedApplication], _ standing: PreviousStanding
) -> (Claim, owner: ApplicationName)? {
    var kept: [PodName: ApplicationName] = [:]
    for (name, application) in applications where !application.isValid {
        for pod in standing.pods[name] ?? [] { kept[pod.name] = name }
    }
    let claims = applications.values.filter(\.isValid).sorted { $0.name < $1.name }
        .flatMap { application in application.pods.map { Claim(application: application.name, pod: $0) } }
    let rivals = Dictionary(grouping: claims) { PodName($0.pod.pod) }
    for (name, rivals) in rivals.sorted(by: { $0.key < $1.key }) {
        let previousOwner = standing.byName[name]?.application
        let winner =
            kept[name] ?? rivals.first { $0.application == previousOwner }?.application ?? rivals[0].application
        if let loser = rivals.first(where: { $0.application != winner }) { return (loser, winner) }
    }
    return nil
}
