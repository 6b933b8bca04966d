/// Named pieces of configuration that not everybody may see (core/v1 Secret).
public struct Secret: Sendable, Hashable {
    /// Name, namespace, labels, annotations.
    public var metadata: ObjectMeta
    /// Values by key, those written as text in `stringData` included.
    public var data: [String: SecretValue]
    /// What kind of secret it is, for example `kubernetes.io/tls`.
    public var type: String
    /// Whether its author promised never to change it; nil when nothing is said.
    public var immutable: Bool?
    /// Values as text, until they are merged into `data`.
    var stringData: [String: SecretValue] = [:]

    /// A Secret with Kubernetes' defaults.
    public init(
        metadata: ObjectMeta, data: [String: SecretValue] = [:], type: String = "Opaque", immutable: Bool? = nil
    ) {
        self.metadata = metadata
        self.data = data
        self.type = type
        self.immutable = immutable
    }

    /// Takes over the values that were written as text; they win over those in base64.
    mutating func mergeStringData() {
        data.merge(stringData) { $1 }
        stringData = [:]
    }
}

/// A value that is not shown when it is printed, dumped or put into a message.
public struct SecretValue: Sendable, Hashable {
    /// The value.
    public let bytes: [UInt8]

    /// A value.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension SecretValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Its length alone.
    public var description: String { "<\(bytes.count) secret bytes>" }
    /// Its length alone.
    public var debugDescription: String { description }
    /// Without the bytes.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
