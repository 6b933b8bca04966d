/// What a container's processes may do (core/v1 SecurityContext). What it says goes before what its Pod says.
public struct SecurityContext: Sendable, Hashable {
    /// Whether a process may gain more rights than its parent, as by set-user-ID programs; nil for yes.
    public var allowPrivilegeEscalation: Bool?
    /// Which powers of root's it has more or less than usual.
    public var capabilities: Capabilities?
    /// Whether it has all rights of the node's root; nil for no.
    public var privileged: Bool?
    /// How much of the kernel's /proc it sees; nil for the default.
    public var procMount: ProcMount?
    /// Whether it cannot write to its root file system; nil for no.
    public var readOnlyRootFilesystem: Bool?
    /// The user it runs as; nil for the Pod's, or the image's.
    public var runAsUser: Int?
    /// Its primary group; nil for the Pod's, or the user's.
    public var runAsGroup: Int?
    /// Whether it is refused to run as root; nil for the Pod's word.
    public var runAsNonRoot: Bool?
    /// Which system calls it may make; nil for the Pod's word.
    public var seccompProfile: SeccompSource?

    /// A security context.
    public init(
        allowPrivilegeEscalation: Bool? = nil, capabilities: Capabilities? = nil, privileged: Bool? = nil,
        procMount: ProcMount? = nil,
        readOnlyRootFilesystem: Bool? = nil, runAsUser: Int? = nil, runAsGroup: Int? = nil, runAsNonRoot: Bool? = nil,
        seccompProfile: SeccompSource? = nil
    ) {
        self.allowPrivilegeEscalation = allowPrivilegeEscalation
        self.capabilities = capabilities
        self.privileged = privileged
        self.procMount = procMount
        self.readOnlyRootFilesystem = readOnlyRootFilesystem
        self.runAsUser = runAsUser
        self.runAsGroup = runAsGroup
        self.runAsNonRoot = runAsNonRoot
        self.seccompProfile = seccompProfile
    }
}

/// Powers of root's beside the usual ones (core/v1 Capabilities).
public struct Capabilities: Sendable, Hashable {
    /// What it has in addition.
    public var add: [CapabilityChoice]
    /// What it has not; goes before `add` where both name one.
    public var drop: [CapabilityChoice]

    /// Capabilities.
    public init(add: [CapabilityChoice] = [], drop: [CapabilityChoice] = []) {
        self.add = add
        self.drop = drop
    }
}

/// How much of the kernel's /proc a container sees (core/v1 ProcMountType).
public enum ProcMount: String, Sendable, Hashable, CaseIterable {
    /// What tells or does too much is hidden.
    case `default` = "Default"
    /// All of it: for Pods with users of their own.
    case unmasked = "Unmasked"
}

/// Where the filter of a container's system calls comes from (core/v1 SeccompProfile).
public struct SeccompSource: Sendable, Hashable {
    /// The kinds of profile.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The agent's own.
        case runtimeDefault = "RuntimeDefault"
        /// None: every call may be made.
        case unconfined = "Unconfined"
        /// A file of the node's.
        case localhost = "Localhost"
    }

    /// Which kind.
    public var type: Kind
    /// The file, relative to the node's directory of profiles; with `localhost` alone.
    public var localhostProfile: String?

    /// A source.
    public init(type: Kind, localhostProfile: String? = nil) {
        self.type = type
        self.localhostProfile = localhostProfile
    }
}
