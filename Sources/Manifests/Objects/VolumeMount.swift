/// Where a container sees a volume (core/v1 VolumeMount).
public struct VolumeMount: Sendable, Hashable {
    /// The volume.
    public var name: String
    /// The path in the container.
    public var mountPath: String
    /// Whether nothing may be written.
    public var readOnly: Bool
    /// The part of the volume; nil for all of it.
    public var subPath: String?
    /// The same, with `$(NAME)` for variables of the container.
    public var subPathExpr: String?
    /// Whether what the node mounts below later is seen, or what the container does; nil for not.
    public var mountPropagation: MountPropagation?
    /// Whether `readOnly` goes for what is mounted below too; nil for not.
    public var recursiveReadOnly: RecursiveReadOnly?

    /// A mount.
    public init(
        name: String, mountPath: String, readOnly: Bool = false, subPath: String? = nil, subPathExpr: String? = nil,
        mountPropagation: MountPropagation? = nil, recursiveReadOnly: RecursiveReadOnly? = nil
    ) {
        self.name = name
        self.mountPath = mountPath
        self.readOnly = readOnly
        self.subPath = subPath
        self.subPathExpr = subPathExpr
        self.mountPropagation = mountPropagation
        self.recursiveReadOnly = recursiveReadOnly
    }
}

/// Which later mounts are seen on the other side.
public enum MountPropagation: String, Sendable, Hashable, CaseIterable {
    /// None.
    case none = "None"
    /// The node's in the container.
    case hostToContainer = "HostToContainer"
    /// The node's in the container, and the container's on the node: for privileged containers alone.
    case bidirectional = "Bidirectional"
}

/// Whether what is mounted below a read-only mount is read-only too.
public enum RecursiveReadOnly: String, Sendable, Hashable, CaseIterable {
    /// It is not.
    case disabled = "Disabled"
    /// Where the kernel can.
    case ifPossible = "IfPossible"
    /// It is.
    case enabled = "Enabled"
}
