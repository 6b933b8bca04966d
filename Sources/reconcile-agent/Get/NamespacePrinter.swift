import Manifests
import PodModel
import Reconciler
import Tables

/// The namespaces of this node, as `get namespaces` prints them.
///
/// Nobody makes a namespace here: it is there as long as a manifest defines it or a Pod is in it; `default` always is.
struct NamespacePrinter {
    private let ages: [(name: String, since: WallTime?)]
    /// Of those that are defined: labels and annotations among it.
    private let metadata: [String: JSONValue]

    /// The namespaces that are defined, and those of Pods. What is oldest of the two gives the age.
    init(of statuses: [PodStatus], defined: [AcceptedObject], named names: [String]) {
        var since: [String: WallTime?] = ["default": WallTime?.none]
        let times =
            statuses.map { (name: $0.accepted.name.namespace, time: $0.accepted.createdAt) }
            + defined.filter { $0.name.kind == .namespace }.map { (name: $0.name.name, time: $0.createdAt) }
        for (name, time) in times { since[name] = .some((since[name] ?? nil).map { min($0, time) } ?? time) }
        metadata = Dictionary(
            defined.filter { $0.name.kind == .namespace }.compactMap { object in
                object.object.encoded["metadata"].map { (object.name.name, $0) }
            }, uniquingKeysWith: { first, _ in first })
        ages = since.sorted { $0.key < $1.key }.map { (name: $0.key, since: $0.value) }
            .filter { names.isEmpty || names.contains($0.name) }
    }

    /// Which there are.
    var names: [String] { ages.map(\.name) }

    func text(as format: OutputFormat, withHeaders: Bool, isSingle: Bool, now: WallTime) -> String {
        switch format {
        case .text, .wide:
            TextTable(
                headers: ["NAME", "STATUS", "AGE"],
                rows: ages.map { [$0.name, "Active", $0.since.map { Age(now - $0).description } ?? "<unknown>"] }
            ).text(withHeaders: withHeaders)
        case .json: object(isSingle: isSingle).pretty + "\n"
        case .yaml: object(isSingle: isSingle).yaml
        case .name: ages.map { "namespace/\($0.name)\n" }.joined()
        }
    }

    private func object(isSingle: Bool) -> JSONValue {
        let objects = ages.map { age -> JSONValue in
            var metadata: [String: JSONValue] = ["name": .string(age.name)]
            if case .object(let written)? = self.metadata[age.name] { metadata = written }
            metadata["creationTimestamp"] = age.since.map { JSONValue.string($0.rfc3339) } ?? .null
            return [
                "apiVersion": "v1", "kind": "Namespace", "metadata": .object(metadata), "status": ["phase": "Active"],
            ]
        }
        if isSingle, let only = objects.first, objects.count == 1 { return only }
        return ["apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""], "items": .array(objects)]
    }
}
