import Manifests
import PodModel

/// What differs between two manifests of one Pod, and what that does to it.
struct FieldChanges: Hashable {
    private let changes: [FieldChange]

    /// Compares two manifests as their authors wrote them.
    init(from old: JSONValue, to new: JSONValue) { changes = old == new ? [] : Pod.changes(from: old, to: new) }

    /// The most that any of the changes does; nil if there are none.
    var impact: FieldImpact? { changes.map(\.impact).max() }

    /// `spec.containers[web].image changed`, at most three paths by name: the reason a person is given.
    var sentence: String {
        if changes.isEmpty { return "nothing changed" }
        let named = changes.prefix(3).map(\.path).joined(separator: ", ")
        let rest = changes.count > 3 ? " and \(changes.count - 3) more" : ""
        return "\(named)\(rest) changed"
    }
}

extension PodRecord {
    /// What the accepted manifest changes about a container's newest instance; nil if nothing, or if nobody noted what the
    /// instance was started from.
    func pendingImpact(on container: String) -> FieldImpact? {
        guard let started = containers[container]?.definition, let wanted = accepted.written(container: container),
            started != wanted
        else { return nil }
        return FieldChanges(from: .pod(of: started), to: .pod(of: wanted)).impact
    }
}

extension JSONValue {
    /// A manifest of nothing but one container, to be compared along the table of Pods.
    fileprivate static func pod(of container: JSONValue) -> JSONValue { ["spec": ["containers": [container]]] }
}
