import Manifests
import PodModel
import Reconciler
import Tables

/// The namespaces this node's Pods are in, as `get namespaces` prints them.
///
/// Nobody makes a namespace here: it is there as long as a Pod is in it; `default` always is.
struct NamespacePrinter {
    private let ages: [(name: String, since: WallTime?)]

    /// The namespaces of Pods; of several, the oldest Pod gives the age.
    init(of statuses: [PodStatus], named names: [String]) {
        var since: [String: WallTime?] = ["default": WallTime?.none]
        for status in statuses {
            let (name, time) = (status.accepted.name.namespace, status.accepted.createdAt)
            since[name] = .some((since[name] ?? nil).map { min($0, time) } ?? time)
        }
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
            let time = age.since.map { JSONValue.string($0.rfc3339) } ?? .null
            return [
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": ["name": .string(age.name), "creationTimestamp": time], "status": ["phase": "Active"],
            ]
        }
        if isSingle, let only = objects.first, objects.count == 1 { return only }
        return ["apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""], "items": .array(objects)]
    }
}
