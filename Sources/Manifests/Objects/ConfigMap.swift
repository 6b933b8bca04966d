/// Named pieces of configuration (core/v1 ConfigMap).
public struct ConfigMap: Sendable, Hashable {
    /// Name, namespace, labels, annotations.
    public var metadata: ObjectMeta
    /// Text by key.
    public var data: [String: String]
    /// Bytes by key; no key is in `data` too.
    public var binaryData: [String: [UInt8]]
    /// Whether its author promised never to change it; nil when nothing is said.
    public var immutable: Bool?

    /// A ConfigMap.
    public init(
        metadata: ObjectMeta, data: [String: String] = [:], binaryData: [String: [UInt8]] = [:], immutable: Bool? = nil
    ) {
        self.metadata = metadata
        self.data = data
        self.binaryData = binaryData
        self.immutable = immutable
    }
}
