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
    /// The group that the Pod's own volumes belong to, and that its processes are in besides; nil for none.
    public var fsGroup: Int?
    /// When volumes are given to that group; nil for always.
    public var fsGroupChangePolicy: FSGroupChangePolicy?
    /// Which system calls they may make; nil for the agent's own profile.
    public var seccompProfile: SeccompSource?
    /// Kernel parameters of the Pod's own namespaces.
    public var sysctls: [Sysctl]

    /// A security context.
    public init(
        runAsUser: Int? = nil, runAsGroup: Int? = nil, runAsNonRoot: Bool? = nil, supplementalGroups: [Int] = [],
        supplementalGroupsPolicy: SupplementalGroupsPolicy? = nil, fsGroup: Int? = nil,
        fsGroupChangePolicy: FSGroupChangePolicy? = nil, seccompProfile: SeccompSource? = nil, sysctls: [Sysctl] = []
    ) {
        self.runAsUser = runAsUser
        self.runAsGroup = runAsGroup
        self.runAsNonRoot = runAsNonRoot
        self.supplementalGroups = supplementalGroups
        self.supplementalGroupsPolicy = supplementalGroupsPolicy
        self.fsGroup = fsGroup
        self.fsGroupChangePolicy = fsGroupChangePolicy
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

/// When a volume that outlives its Pod is given to the Pod's group (core/v1 PodFSGroupChangePolicy).
public enum FSGroupChangePolicy: String, Sendable, Hashable, CaseIterable {
    /// Whenever it is made ready for a Pod.
    case always = "Always"
    /// Only when its topmost directory does not belong to the group yet.
    case onRootMismatch = "OnRootMismatch"
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
