import Manifests
import PodModel

/// Where Pods may be that no valid application defines any more.
///
/// A Pod that is defined nowhere has been deleted, or is hidden: in what could not be read, or in an application that was
/// refused. What could not be read before either, byte for byte, hides nothing that was defined then.
struct Doubt {
    /// What of the revision could not be read.
    let unread: Set<UnreadPlace>
    private let paths: Set<String>
    private let fresh: Set<String>
    private let refused: [PodName: [String]]

    /// - Parameters:
    ///   - loaded: what was read, with every error.
    ///   - files: for the bytes of files with errors.
    ///   - applications: once it is decided which are refused.
    init(
        _ loaded: LoadedManifests, _ unreadable: [UnreadableManifest], files: [ManifestFile],
        applications: [ApplicationName: LoadedApplication], since before: Set<UnreadPlace>?
    ) {
        let broken = Set(loaded.diagnostics.filter { $0.severity == .error }.map(\.position.file))
        var contents: [String: Digest] = [:]
        for file in files where broken.contains(file.path) { contents[file.path] = Digest(sha256: file.contents) }
        unread = Set(
            broken.map { UnreadPlace(path: $0, content: contents[$0]) }
                + unreadable.map { UnreadPlace(path: $0.path, content: nil) })
        paths = Set(unread.map(\.path))
        fresh = Set(unread.subtracting(before ?? []).map(\.path))
        refused = applications.values.filter { !$0.isValid }.flatMap(\.pods)
            .reduce(into: [:]) { $0[PodName($1.pod), default: []].append($1.position.file) }
    }

    /// The Pod as it is kept because it may be hidden; nil if it was deleted.
    func keep(_ pod: AcceptedPod) -> AcceptedPod? {
        let places = fresh.union(paths.intersection(pod.hiddenBy ?? [])).union(refused[pod.name] ?? [])
        if places.isEmpty { return nil }
        return AcceptedPod(
            uid: pod.uid, pod: pod.pod, digest: pod.digest, written: pod.written, application: pod.application,
            createdAt: pod.createdAt, file: pod.file, hiddenBy: places.sorted())
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
