import Manifests

/// An object other than a Pod: one that Pods may use, accepted as a user wrote it.
public struct AcceptedObject: Hashable, Sendable, Codable {
    /// The object, defaults filled in.
    public let object: ConfigurationObject
    /// The application it belongs to.
    public let application: ApplicationName
    /// When an object of this name was accepted first: its `creationTimestamp`.
    public let createdAt: WallTime
    /// The manifest file, relative to the followed path.
    public let file: String
    /// As of a Pod (`AcceptedPod.hiddenBy`).
    public let hiddenBy: [String]?

    /// Puts an accepted object together.
    public init(
        object: ConfigurationObject, application: ApplicationName, createdAt: WallTime, file: String,
        hiddenBy: [String]? = nil
    ) {
        self.object = object
        self.application = application
        self.createdAt = createdAt
        self.file = file
        self.hiddenBy = hiddenBy
    }

    /// What tells it from every other.
    public var name: ObjectName { object.name }
}

/// What Pods may use: one of the kinds that are no Pods.
public enum ConfigurationObject: Hashable, Sendable {
    /// Configuration for everybody's eyes.
    case configMap(ConfigMap)
    /// Configuration that not everybody may see.
    case secret(Secret)
    /// A Namespace.
    case namespace(Namespace)

    /// What every object carries.
    public var metadata: ObjectMeta {
        switch self {
        case .configMap(let map): map.metadata
        case .secret(let secret): secret.metadata
        case .namespace(let namespace): namespace.metadata
        }
    }

    /// What tells it from every other.
    public var name: ObjectName {
        switch self {
        case .configMap(let map): ObjectName(.configMap, map.metadata)
        case .secret(let secret): ObjectName(.secret, secret.metadata)
        case .namespace(let namespace): ObjectName(.namespace, namespace.metadata)
        }
    }

    /// The object as Kubernetes writes it, a Secret's values in base64.
    public var encoded: JSONValue {
        switch self {
        case .configMap(let map): map.encoded
        case .secret(let secret): secret.encoded
        case .namespace(let namespace): namespace.encoded
        }
    }
}

/// In the accepted slice alone, which keeps sources as they were committed; Pods' records refer to objects by name.
extension ConfigurationObject: Codable {
    /// Reads what `encode(to:)` wrote.
    public init(from decoder: any Decoder) throws {
        let manifest = try JSONValue(from: decoder)
        switch manifest["kind"]?.string.flatMap(ObjectKind.init) {
        case .configMap: self = .configMap(try ConfigMap(decoding: manifest))
        case .secret: self = .secret(try Secret(decoding: manifest))
        case .namespace: self = .namespace(try Namespace(decoding: manifest))
        case .pod, nil:
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no object that Pods may use"))
        }
    }

    /// Writes `encoded`.
    public func encode(to encoder: any Encoder) throws { try encoded.encode(to: encoder) }
}
