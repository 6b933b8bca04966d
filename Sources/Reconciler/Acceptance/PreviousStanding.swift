import Manifests
import PodModel

/// What stood before, ready to be looked up.
struct PreviousStanding {
    let all: [AcceptedPod]
    let allObjects: [AcceptedObject]
    let pods: [ApplicationName: [AcceptedPod]]
    let objects: [ApplicationName: [AcceptedObject]]
    let byName: [PodName: AcceptedPod]
    let objectsByName: [ObjectName: AcceptedObject]
    let revisions: [ApplicationName: RevisionID]
    /// What could not be read then; nil when that is not known.
    let unread: Set<UnreadPlace>?

    init(_ slice: AcceptedSlice?) {
        all = slice?.pods ?? []
        allObjects = slice?.objects ?? []
        pods = Dictionary(grouping: all, by: \.application)
        objects = Dictionary(grouping: allObjects, by: \.application)
        byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        objectsByName = Dictionary(allObjects.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        revisions = (slice?.applications ?? []).reduce(into: [:]) { $0[$1.name] = $1.revision }
        unread = slice.map(\.unread) ?? []
    }

    /// Whether a Pod of this name is here, and so was not kept away.
    func holds(_ pod: Pod) -> Bool { byName[PodName(pod)] != nil }

    /// Whether an application had anything that could be lost.
    func hasAnything(of application: ApplicationName) -> Bool {
        pods[application] != nil || objects[application] != nil
    }

    /// Everything an application had.
    func names(of application: ApplicationName) -> [ObjectName] {
        (pods[application] ?? []).map { ObjectName($0.name) } + (objects[application] ?? []).map(\.name)
    }

    /// The application that had an object.
    func owner(of name: ObjectName) -> ApplicationName? {
        name.kind == .pod
            ? byName[PodName(namespace: name.namespace, name: name.name)]?.application
            : objectsByName[name]?.application
    }

    /// A Pod keeps its UID as long as the fields that need a new Pod are unchanged, and its QoS class is, wherever its file
    /// moved to.
    func accept(
        _ loaded: LoadedPod, into application: ApplicationName, now: WallTime, newUID: () -> PodUID
    ) -> AcceptedPod {
        let old = byName[PodName(loaded.pod)]
        let isUnchanged = old?.written == loaded.written
        let digest = isUnchanged ? old?.digest : nil
        let new = digest ?? PodDigest.digest(ofWritten: loaded.written)
        let same = old.flatMap { old in
            let isShared =
                PodDigest.digest(ofWritten: old.written) == new
                && QoSClass(old.pod.spec) == QoSClass(loaded.pod.spec)
            return isUnchanged || isShared ? old : nil
        }
        return AcceptedPod(
            uid: same?.uid ?? newUID(), pod: loaded.pod, digest: new, written: loaded.written,
            application: application, createdAt: same?.createdAt ?? now,
            inheritedClaim: same == nil ? old?.claim : same?.inheritedClaim, file: loaded.position.file)
    }

    /// Any other object is as old as its name.
    func accept(_ loaded: LoadedConfiguration, into application: ApplicationName, now: WallTime) -> AcceptedObject {
        AcceptedObject(
            object: loaded.object, application: application,
            createdAt: objectsByName[loaded.object.name]?.createdAt ?? now, file: loaded.position.file)
    }
}
