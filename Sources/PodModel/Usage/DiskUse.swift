/// Room that something takes on the node's disk.
public struct DiskUse: Hashable, Sendable {
    /// In bytes, as the disk gives them out: whole blocks.
    public var bytes: Int
    /// Files and directories.
    public var inodes: Int

    /// An amount; by default nothing.
    public init(bytes: Int = 0, inodes: Int = 0) {
        self.bytes = bytes
        self.inodes = inodes
    }

    /// Both together.
    public static func + (left: DiskUse, right: DiskUse) -> DiskUse {
        DiskUse(bytes: left.bytes + right.bytes, inodes: left.inodes + right.inodes)
    }
}

/// Room that one Pod takes on the node's disk.
public struct PodDiskUse: Hashable, Sendable {
    /// By container: its writable layers and its logs.
    public var containers: [String: DiskUse]
    /// By volume: those that are on disk and end with the Pod.
    public var volumes: [String: DiskUse]

    /// Puts both together.
    public init(containers: [String: DiskUse] = [:], volumes: [String: DiskUse] = [:]) {
        self.containers = containers
        self.volumes = volumes
    }

    /// All of it.
    public var total: DiskUse { (Array(containers.values) + volumes.values).reduce(DiskUse(), +) }
}
