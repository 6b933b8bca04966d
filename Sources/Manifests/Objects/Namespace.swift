/// A name under which objects are kept apart from others (core/v1 Namespace).
public struct Namespace: Sendable, Hashable {
    /// Name, labels, annotations; its `namespace` is empty.
    public var metadata: ObjectMeta

    /// A namespace.
    public init(name: String, labels: [String: String] = [:], annotations: [String: String] = [:]) {
        metadata = ObjectMeta(name: name, namespace: "", labels: labels, annotations: annotations)
    }
}
