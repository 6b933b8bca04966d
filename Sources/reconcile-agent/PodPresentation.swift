import Manifests
import PodModel
import Reconciler
import Tables

/// Pods as `get` prints them.
struct PodPresentation {
    /// Sorted by namespace and name.
    let statuses: [PodStatus]
    let selection: PodSelection

    func text(as format: OutputFormat, now: WallTime) -> String {
        switch format {
        case .text: table(isWide: false, now: now)
        case .wide: table(isWide: true, now: now)
        case .json: object.pretty + "\n"
        case .yaml: object.yaml
        case .name: statuses.map { "pod/\($0.accepted.name.name)\n" }.joined()
        }
    }

    private func table(isWide: Bool, now: WallTime) -> String {
        PodTable(
            rows: statuses.map { PodRow($0, now: now) }, withNamespace: selection.namespace == nil, isWide: isWide
        ).text
    }

    /// One Pod asked for by name is an object, anything else a list (kubectl).
    private var object: JSONValue {
        let objects = statuses.map(PodObject.json)
        if selection.name != nil, let only = objects.first, objects.count == 1 { return only }
        return [
            "apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""], "items": .array(objects),
        ]
    }
}

extension PodRow {
    /// The words of a status, its times turned into ages.
    init(_ status: PodStatus, now: WallTime) {
        self.init(
            namespace: status.accepted.name.namespace, name: status.accepted.name.name, ready: status.readyCount,
            containers: status.containers.count, status: status.statusWord, restarts: status.restarts,
            lastRestart: status.lastRestart.map { now - $0 }, age: now - status.accepted.createdAt,
            address: status.address, node: status.nodeName)
    }
}
