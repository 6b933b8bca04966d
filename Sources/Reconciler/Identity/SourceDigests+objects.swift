import Manifests
import PodModel

extension SourceDigests {
    /// The digests of what a Pod takes from objects as they are now; nil when it takes nothing.
    init?(of pod: Pod, from objects: ConfigurationObjects) {
        var environments: [String: PodModel.Digest] = [:]
        for container in pod.spec.allContainers where !SourcedVariables.takesNothing(container) {
            let variables = try? SourcedVariables(of: container, in: pod.metadata.namespace, from: objects)
            environments[container.name] = variables.map { PodModel.Digest(sha256: Array($0.json.canonical.utf8)) }
        }
        if environments.isEmpty { return nil }
        self.init(environments: environments)
    }
}

extension SourcedVariables {
    /// Everything in it, in one order.
    fileprivate var json: JSONValue {
        [
            "imported": .array(imported.map { [.string($0.name), .string($0.value)] }),
            "values": .object(Dictionary(uniqueKeysWithValues: values.map { ("\($0)", .string($1)) })),
        ]
    }
}
