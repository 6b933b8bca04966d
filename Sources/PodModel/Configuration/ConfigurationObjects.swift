import Manifests

/// The accepted ConfigMaps and Secrets, ready to be looked up by what Pods refer to them by.
///
/// Lives in memory only: what is stored is the slice.
public struct ConfigurationObjects: Hashable, Sendable {
    private var configMaps: [PodName: ConfigMap] = [:]
    private var secrets: [PodName: Secret] = [:]

    /// Takes in what was accepted.
    public init(_ objects: [AcceptedObject] = []) {
        for object in objects {
            let name = PodName(namespace: object.name.namespace, name: object.name.name)
            switch object.object {
            case .configMap(let map): configMaps[name] = map
            case .secret(let secret): secrets[name] = secret
            case .namespace: break
            }
        }
    }

    /// A ConfigMap of a namespace; nil when there is none of that name.
    public func configMap(_ name: String, in namespace: String) -> ConfigMap? {
        configMaps[PodName(namespace: namespace, name: name)]
    }

    /// A Secret of a namespace; nil when there is none of that name.
    public func secret(_ name: String, in namespace: String) -> Secret? {
        secrets[PodName(namespace: namespace, name: name)]
    }
}
