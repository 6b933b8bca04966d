/// A Secret with credentials for registries, in the Pod's namespace (core/v1 LocalObjectReference).
public struct ImagePullSecret: Sendable, Hashable {
    /// The Secret's name.
    public var name: String

    /// Names a Secret.
    public init(name: String) { self.name = name }
}
