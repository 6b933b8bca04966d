/// What every object carries: its name, and words attached to it.
public struct ObjectMeta: Sendable, Hashable {
    /// The name, a DNS subdomain, unique in the namespace for one kind.
    public var name: String
    /// The namespace, a DNS label.
    public var namespace: String
    /// Words to select objects by.
    public var labels: [String: String]
    /// Words for tools and people; nothing selects by them.
    public var annotations: [String: String]

    /// Metadata with Kubernetes' defaults.
    public init(
        name: String, namespace: String = "default", labels: [String: String] = [:], annotations: [String: String] = [:]
    ) {
        self.name = name
        self.namespace = namespace
        self.labels = labels
        self.annotations = annotations
    }
}
