import Manifests
import PodModel

/// What differs between two manifests of one Pod, and what that does to it.
struct FieldChanges: Hashable {
    let changes: [FieldChange]

    /// Compares two manifests as their authors wrote them.
    init(from old: JSONValue, to new: JSONValue) { changes = old == new ? [] : Pod.changes(from: old, to: new) }

    /// Compares two versions of one Pod, and what they take from other objects. What is missing now changes nothing.
    init(from old: AcceptedPod, to new: AcceptedPod) {
        var changes = FieldChanges(from: old.written, to: new.written).changes
        if !changes.isEmpty, let change = FieldChange(ofClassFrom: old.pod, to: new.pod) {
            changes.insert(change, at: 0)
        }
        for container in new.pod.spec.lastingContainers {
            guard let wanted = new.sources?.environments[container.name],
                wanted != old.sources?.environments[container.name]
            else { continue }
            let sources = container.variableSources(in: new.name.namespace).map(\.shortened).joined(separator: ", ")
            changes.append(
                FieldChange(
                    path: "environment of \(container.name) from \(sources)", impact: .restartContainer,
                    container: container.name))
        }
        for volume in new.pod.spec.volumes {
            guard let wanted = new.sources?.volumes?[volume.name],
                wanted != old.sources?.volumes?[volume.name]
            else { continue }
            changes.append(FieldChange(path: "files of volume \(volume.name)", impact: .none))
        }
        self.changes = changes
    }

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

extension AcceptedPod {
    /// What differs in another version of this Pod, and in what that takes from other objects.
    public func changes(to new: AcceptedPod) -> [FieldChange] { FieldChanges(from: self, to: new).changes }
}

extension FieldChange {
    /// Another QoS class: cgroup tier, OOM score and rank among the evicted follow from it, and a Pod keeps its own for life
    /// (Kubernetes: "Pod QOS Class may not change as a result of resizing"). Nil where it stays.
    fileprivate init?(ofClassFrom old: Pod, to new: Pod) {
        let (before, after) = (QoSClass(old.spec), QoSClass(new.spec))
        if before == after { return nil }
        self.init(path: "QoS class (\(before.rawValue) to \(after.rawValue))", impact: .recreate)
    }
}

extension PodRecord {
    /// What the accepted manifest changes about a container's newest instance; nil if nothing, or if nobody noted what the
    /// instance was started from.
    func pendingImpact(on container: String) -> FieldImpact? {
        let record = containers[container]
        if let started = record?.environment, let wanted = accepted.sources?.environments[container], started != wanted
        {
            return .restartContainer
        }
        guard let started = record?.definition, let wanted = accepted.written(container: container), started != wanted
        else { return nil }
        return FieldChanges(from: .pod(of: started), to: .pod(of: wanted)).impact
    }
}

extension ObjectName {
    /// Within its namespace: `ConfigMap app`.
    fileprivate var shortened: String { "\(kind.rawValue) \(name)" }
}

extension JSONValue {
    /// A manifest of nothing but one container, to be compared along the table of Pods.
    static func pod(of container: JSONValue) -> JSONValue { ["spec": ["containers": [container]]] }
}
