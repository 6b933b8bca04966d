import Manifests
import PodModel

extension SourceDigests {
    /// The digests of what a Pod takes from objects as they are now; nil when it takes nothing.
    init?(of pod: Pod, _ uid: PodUID, from objects: ConfigurationObjects) {
        var environments: [String: PodModel.Digest] = [:]
        for container in pod.spec.allContainers where !SourcedVariables.takesNothing(container) {
            let variables = try? SourcedVariables(of: container, in: pod.metadata.namespace, from: objects)
            environments[container.name] = variables.map { PodModel.Digest(sha256: Array($0.json.canonical.utf8)) }
        }
        var volumes: [String: PodModel.Digest] = [:]
        for volume in pod.spec.volumes where volume.isOfFiles {
            let contents = try? VolumeContents(of: volume, in: pod, uid, from: objects) { selector in
                // How much the machine has is the same tomorrow; what the container may use is not.
                let container = selector.containerName.flatMap { pod.spec.container($0) }
                return "\(selector.resource) of \(String(describing: container?.resources))"
            }
            volumes[volume.name] = contents.map { PodModel.Digest(sha256: $0.bytes) }
        }
        if environments.isEmpty, volumes.isEmpty { return nil }
        self.init(environments: environments, volumes: volumes.isEmpty ? nil : volumes)
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

extension VolumeContents {
    /// Everything in it, in one order, with lengths so that nothing can be taken for something else.
    fileprivate var bytes: [UInt8] {
        files.flatMap { Array("\($0.path.utf8.count) \($0.path) \($0.mode) \($0.bytes.count) ".utf8) + $0.bytes }
    }
}
