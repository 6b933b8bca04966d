/// What the processes of all containers of a Pod may do, unless a container says something else (core/v1
/// PodSecurityContext).
public struct PodSecurityContext: Sendable, Hashable {
    /// The user they run as; nil for the image's.
    public var runAsUser: Int?
    /// Their primary group; nil for the user's.
    public var runAsGroup: Int?
    /// Whether they are refused to run as root; nil for no.
    public var runAsNonRoot: Bool?
    /// Groups they are in besides.
    public var supplementalGroups: [Int]
    /// Whether the image's own groups count too; nil for yes.
    public var supplementalGroupsPolicy: SupplementalGroupsPolicy?
    /// Which system calls they may make; nil for the agent's own profile.
    public var seccompProfile: SeccompSource?
    /// Kernel parameters of the Pod's own namespaces.
    public var sysctls: [Sysctl]

    /// A security context.
    public init(
        runAsUser: Int? = nil, runAsGroup: Int? = nil, runAsNonRoot: Bool? = nil, supplementalGroups: [Int] = [],
        supplementalGroupsPolicy: SupplementalGroupsPolicy? = nil, seccompProfile: SeccompSource? = nil,
        sysctls: [Sysctl] = []
    ) {
        self.runAsUser = runAsUser
        self.runAsGroup = runAsGroup
        self.runAsNonRoot = runAsNonRoot
        self.supplementalGroups = supplementalGroups
        self.supplementalGroupsPolicy = supplementalGroupsPolicy
        self.seccompProfile = seccompProfile
        self.sysctls = sysctls
    }
}

/// Which groups a process is in.
public enum SupplementalGroupsPolicy: String, Sendable, Hashable, CaseIterable {
    /// The manifest's, and those that the image's /etc/group says its user is in.
    case merge = "Merge"
    /// The manifest's only.
    case strict = "Strict"
}

extension PodSpec {
    /// What a container may do: its own word, else its Pod's (kubelet: `DetermineEffectiveSecurityContext`).
    public func securityContext(of container: Container) -> SecurityContext {
        var context = container.securityContext ?? SecurityContext()
        context.runAsUser = context.runAsUser ?? securityContext?.runAsUser
        context.runAsGroup = context.runAsGroup ?? securityContext?.runAsGroup
        context.runAsNonRoot = context.runAsNonRoot ?? securityContext?.runAsNonRoot
        context.seccompProfile = context.seccompProfile ?? securityContext?.seccompProfile
        return context
    }
}
