import Manifests

/// The name a user knows a Pod by; at any time at most one living Pod bears it.
public struct PodName: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The namespace, for example `default`.
    public let namespace: String
    /// The name inside the namespace.
    public let name: String

    /// Puts a name together.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// The name in a Pod's metadata.
    public init(_ pod: Pod) { self.init(namespace: pod.metadata.namespace, name: pod.metadata.name) }

    /// `namespace/name`.
    public var description: String { "\(namespace)/\(name)" }

    /// Ordered by namespace, then name: as `get pods -A` lists.
    public static func < (left: PodName, right: PodName) -> Bool {
        (left.namespace, left.name) < (right.namespace, right.name)
    }
}
