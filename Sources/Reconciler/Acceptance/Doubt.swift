import Manifests
import PodModel

/// Where Pods and other objects may be that no valid application defines any more.
///
/// What is said of a Pod goes for every object. One that is defined nowhere has been deleted, or is hidden: in what could not be read, or in an application that was
/// refused. Nobody can tell, so it is kept as long as anything may hide it. Only a submodule where no application ever was
/// says nothing: if it was there before, nothing moved into it unseen.
struct Doubt {
    /// What of the revision could not be read.
    let unread: Set<UnreadPlace>
    private let places: Set<String>
    private let refused: [ObjectName: [String]]

    /// - Parameters:
    ///   - broken: the files with errors.
    ///   - applications: once it is decided which are refused.
    ///   - before: what could not be read of the revision before; nil when that is not known.
    init(
        _ broken: Set<String>, _ unreadable: [UnreadableManifest],
        applications: [ApplicationName: LoadedApplication], since before: Set<UnreadPlace>?
    ) {
        let hiding = unreadable.filter { !$0.isIncidental || !(before ?? []).contains(UnreadPlace(path: $0.path)) }
        unread = Set((broken + unreadable.map(\.path)).map(UnreadPlace.init))
        places = broken.union(hiding.map(\.path))
        refused = applications.values.filter { !$0.isValid }.flatMap(\.definitions)
            .reduce(into: [:]) { $0[$1.name, default: []].append($1.position.file) }
    }

    /// The Pod as it is kept because it may be hidden; nil if it was deleted.
    func keep(_ pod: AcceptedPod) -> AcceptedPod? {
        places(hiding: ObjectName(pod.name), before: pod.hiddenBy).map(pod.hidden)
    }

    /// The same for any other object.
    func keep(_ object: AcceptedObject) -> AcceptedObject? {
        guard let places = places(hiding: object.name, before: object.hiddenBy) else { return nil }
        return AcceptedObject(
            object: object.object, application: object.application, createdAt: object.createdAt, file: object.file,
            hiddenBy: places)
    }

    /// - Parameter before: what hid it in the revision before. Submodules that hid something when they came go on
    ///   hiding it.
    private func places(hiding name: ObjectName, before: [String]?) -> [String]? {
        let submodules = Set(unread.map(\.path)).intersection(before ?? [])
        let places = places.union(refused[name] ?? []).union(submodules)
        return places.isEmpty ? nil : places.sorted()
    }
}

extension Diagnostic {
    /// What a person is told about what is kept: one notice for each place that may hide it.
    static func notices(of pods: [AcceptedPod], _ objects: [AcceptedObject]) -> [Diagnostic] {
        let kept =
            pods.map { (place: $0.hiddenBy?.first ?? $0.file, name: $0.name.description) }
            + objects.map { (place: $0.hiddenBy?.first ?? $0.file, name: $0.name.description) }
        return Dictionary(grouping: kept, by: \.place).sorted { $0.key < $1.key }.map { place, kept in
            let names = kept.map(\.name).sorted()
            let more = names.count > 3 ? " and \(names.count - 3) more" : ""
            return Diagnostic(
                .notice, at: SourcePosition(file: place, line: 1, column: 1),
                "kept as before, since this may define what is defined nowhere else now: "
                    + names.prefix(3).joined(separator: ", ") + more,
                hint: "mend this; Pods that are defined nowhere then will end")
        }
    }
}
