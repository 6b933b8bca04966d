/// What a container's processes may do (core/v1 SecurityContext).
public struct SecurityContext: Sendable, Hashable {
    /// Whether a process may gain more rights than its parent, as by set-user-ID programs; nil for yes.
    public var allowPrivilegeEscalation: Bool?

    /// A security context.
    public init(allowPrivilegeEscalation: Bool? = nil) {
        self.allowPrivilegeEscalation = allowPrivilegeEscalation
    }
}
