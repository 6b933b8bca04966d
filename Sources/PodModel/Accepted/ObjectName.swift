import Manifests

/// The kinds of objects that are accepted.
public enum ObjectKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// What runs.
    case pod = "Pod"
    /// Configuration that Pods may use.
    case configMap = "ConfigMap"
    /// The same, not for everybody's eyes.
    case secret = "Secret"
    /// What keeps names apart.
    case namespace = "Namespace"
}

/// What tells an object from every other: one application alone may define it.
public struct ObjectName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The object's kind.
    public let kind: ObjectKind
    /// The namespace; empty for a Namespace.
    public let namespace: String
    /// The name.
    public let name: String

    /// Puts a name together.
    public init(_ kind: ObjectKind, namespace: String, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// The name in an object's metadata.
    public init(_ kind: ObjectKind, _ metadata: ObjectMeta) {
        self.init(kind, namespace: metadata.namespace, name: metadata.name)
    }

    /// A Pod's.
    public init(_ pod: PodName) { self.init(.pod, namespace: pod.namespace, name: pod.name) }

    /// `Pod blue/web`, `Namespace blue`.
    public var description: String { "\(kind.rawValue) \(namespace.isEmpty ? "" : "\(namespace)/")\(name)" }

    /// Ordered by kind, namespace and name.
    public static func < (left: ObjectName, right: ObjectName) -> Bool {
        (left.kind.rank, left.namespace, left.name) < (right.kind.rank, right.namespace, right.name)
    }
}

extension ObjectKind {
    /// Pods first: what people ask about most.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
