/// What a Pod wants to take from a ConfigMap or Secret and cannot, in the kubelet's words.
public enum MissingSource: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no such object.
    case object(ObjectName)
    /// The object has no such key.
    case key(String, of: ObjectName)
    /// The same, of a volume's files.
    case item(String, of: ObjectName)
    /// The value cannot be a variable's: no UTF-8, or with a zero byte in it.
    case notText(key: String, of: ObjectName)

    /// `configmap "app" not found`, `couldn't find key mode in ConfigMap blue/app`.
    public var description: String {
        switch self {
        case .object(let name): "\(name.kind.rawValue.lowercased()) \"\(name.name)\" not found"
        case .key(let key, let name):
            "couldn't find key \(key) in \(name.kind.rawValue) \(name.namespace)/\(name.name)"
        case .item(let key, let name):
            "references non-existent \(name.kind == .secret ? "secret" : "config") key: \(key)"
        case .notText(let key, let name):
            "key \(key) in \(name.kind.rawValue) \(name.namespace)/\(name.name) is no text: it cannot be a variable"
        }
    }
}
