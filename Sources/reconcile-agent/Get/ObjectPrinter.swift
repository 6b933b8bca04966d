import Manifests
import PodModel
import Tables

/// ConfigMaps or Secrets as `get` prints them.
struct ObjectPrinter {
    let objects: [AcceptedObject]
    let kind: ResourceSelection.Kind
    let withNamespace: Bool
    let withLabels: Bool

    /// - Parameter isSingle: whether one was asked for by name: an object then, a list else (kubectl).
    func text(as format: OutputFormat, withHeaders: Bool, isSingle: Bool, now: WallTime) -> String {
        switch format {
        case .text, .wide:
            ObjectTable(
                rows: objects.map { ObjectRow($0, now: now) }, withTypes: kind == .secrets,
                withNamespace: withNamespace, withLabels: withLabels
            ).text(withHeaders: withHeaders)
        case .json: object(isSingle: isSingle).pretty + "\n"
        case .yaml: object(isSingle: isSingle).yaml
        case .name: objects.map { "\(kind.names[1])/\($0.name.name)\n" }.joined()
        }
    }

    private func object(isSingle: Bool) -> JSONValue {
        let all = objects.map(\.shown)
        if isSingle, let only = all.first, all.count == 1 { return only }
        return ["apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""], "items": .array(all)]
    }
}

extension AcceptedObject {
    /// The whole Kubernetes object.
    fileprivate var shown: JSONValue {
        guard case .object(var fields) = object.encoded, case .object(var metadata)? = fields["metadata"] else {
            return object.encoded
        }
        metadata["creationTimestamp"] = .string(createdAt.rfc3339)
        fields["metadata"] = .object(metadata)
        return .object(fields)
    }
}

extension ObjectRow {
    /// The words of an object, its time turned into an age.
    fileprivate init(_ accepted: AcceptedObject, now: WallTime) {
        var type = ""
        let count: Int
        switch accepted.object {
        case .configMap(let map): count = map.data.count + map.binaryData.count
        case .secret(let secret): (type, count) = (secret.type, secret.data.count)
        case .namespace: count = 0
        }
        self.init(
            namespace: accepted.name.namespace, name: accepted.name.name, type: type, dataCount: count,
            age: now - accepted.createdAt, labels: accepted.object.metadata.labels)
    }
}
