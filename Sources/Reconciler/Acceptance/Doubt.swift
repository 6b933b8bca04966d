import Manifests
import PodModel

/// Where Pods may be that no valid application defines any more.
///
/// A Pod that is defined nowhere has been deleted, or is hidden: in what could not be read, or in an application that was
/// refused. Nobody can tell, so it is kept as long as anything may hide it. Only a submodule where no application ever was
/// says nothing: if it was there before, nothing moved into it unseen.
struct Doubt {
    /// What of the revision could not be read.
    let unread: Set<UnreadPlace>
    private let places: Set<String>
    private let refused: [PodName: [String]]

    /// - Parameters:
    ///   - loaded: what was read, with every error.
    ///   - applications: once it is decided which are refused.
    ///   - before: what could not be read of the revision before; nil when that is not known.
    init(
        _ loaded: LoadedManifests, _ unreadable: [UnreadableManifest],
        applications: [ApplicationName: LoadedApplication], since before: Set<UnreadPlace>?
    ) {
        let broken = Set(loaded.diagnostics.filter { $0.severity == .error }.map(\.position.file))
        let hiding = unreadable.filter { !$0.isIncidental || !(before ?? []).contains(UnreadPlace(path: $0.path)) }
        unread = Set((broken + unreadable.map(\.path)).map(UnreadPlace.init))
        places = broken.union(hiding.map(\.path))
        refused = applications.values.filter { !$0.isValid }.flatMap(\.pods)
            .reduce(into: [:]) { $0[PodName($1.pod), default: []].append($1.position.file) }
    }

    /// The Pod as it is kept because it may be hidden; nil if it was deleted.
    func keep(_ pod: AcceptedPod) -> AcceptedPod? {
        let places = places.union(refused[pod.name] ?? []).union(submodules(hiding: pod))
        if places.isEmpty { return nil }
        return AcceptedPod(
            uid: pod.uid, pod: pod.pod, digest: pod.digest, written: pod.written, application: pod.application,
            createdAt: pod.createdAt, file: pod.file, hiddenBy: places.sorted())
    }
}

extension Doubt {
    /// Submodules that hid a Pod when they came go on hiding it.
    private func submodules(hiding pod: AcceptedPod) -> Set<String> {
        Set(unread.map(\.path)).intersection(pod.hiddenBy ?? [])
    }
}

extension Diagnostic {
    /// What a person is told about Pods that are kept: one notice for each place that may hide them.
    static func notices(of kept: [AcceptedPod]) -> [Diagnostic] {
        let places = Dictionary(grouping: kept) { $0.hiddenBy?.first ?? $0.file }
        return places.sorted { $0.key < $1.key }.map { place, pods in
            let names = pods.map(\.name.description).sorted()
            let more = names.count > 3 ? " and \(names.count - 3) more" : ""
            return Diagnostic(
                .notice, at: SourcePosition(file: place, line: 1, column: 1),
                "kept as before, since this may define what is defined nowhere else now: "
                    + names.prefix(3).joined(separator: ", ") + more,
                hint: "mend this; Pods that are defined nowhere then will end")
        }
    }
}
