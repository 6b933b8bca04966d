import Manifests
import PodModel

/// What stood before, ready to be looked up.
struct PreviousStanding {
    let all: [AcceptedPod]
    let pods: [ApplicationName: [AcceptedPod]]
    let byName: [PodName: AcceptedPod]
    let revisions: [ApplicationName: RevisionID]
    /// What could not be read then; nil when that is not known.
    let unread: Set<UnreadPlace>?

    init(_ slice: AcceptedSlice?) {
        all = slice?.pods ?? []
        pods = Dictionary(grouping: all, by: \.application)
        byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        revisions = (slice?.applications ?? []).reduce(into: [:]) { $0[$1.name] = $1.revision }
        unread = slice.map(\.unread) ?? []
    }

    /// Whether a Pod of this name is here, and so was not kept away.
    func holds(_ pod: Pod) -> Bool { byName[PodName(pod)] != nil }

    /// A Pod keeps its UID as long as the fields that need a new Pod are unchanged, wherever its file moved to.
    func accept(
        _ loaded: LoadedPod, into application: ApplicationName, now: WallTime, newUID: () -> PodUID
    ) -> AcceptedPod {
        let old = byName[PodName(loaded.pod)]
        let isUnchanged = old?.written == loaded.written
        let digest = isUnchanged ? old?.digest : nil
        let new = digest ?? PodDigest.digest(ofWritten: loaded.written)
        let same = old.flatMap { isUnchanged || PodDigest.digest(ofWritten: $0.written) == new ? $0 : nil }
        return AcceptedPod(
            uid: same?.uid ?? newUID(), pod: loaded.pod, digest: new, written: loaded.written,
            application: application, createdAt: same?.createdAt ?? now, file: loaded.position.file)
    }
}
