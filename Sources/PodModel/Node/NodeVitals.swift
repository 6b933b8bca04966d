/// A measure of what a node has left (kubelet: eviction signals).
public enum EvictionSignal: String, Hashable, Sendable, Codable, CaseIterable {
    /// Memory that is free or can be taken back at once.
    case memoryAvailable = "memory.available"
    /// Room on the disk that Pods' volumes, writable layers and logs are on.
    case nodefsAvailable = "nodefs.available"
    /// Files and directories that can still be made there.
    case nodefsInodesFree = "nodefs.inodesFree"
    /// Room on the disk that images are on; most often the same one.
    case imagefsAvailable = "imagefs.available"
    /// Files and directories that can still be made there.
    case imagefsInodesFree = "imagefs.inodesFree"

    /// What the node is short of when it runs out.
    public var condition: NodePressureKind { self == .memoryAvailable ? .memory : .disk }

    /// The resource, as the kubelet's messages name it.
    public var resource: String {
        switch self {
        case .memoryAvailable: "memory"
        case .nodefsAvailable, .imagefsAvailable: "ephemeral-storage"
        case .nodefsInodesFree, .imagefsInodesFree: "inodes"
        }
    }
}

/// What a node can be short of, as its conditions are called.
public enum NodePressureKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Memory.
    case memory = "MemoryPressure"
    /// Room on a disk.
    case disk = "DiskPressure"
}

/// What is left of one thing, and how much there is of it.
public struct Supply: Hashable, Sendable {
    /// What is left.
    public let available: Int
    /// What there is in all.
    public let capacity: Int

    /// Puts both together.
    public init(available: Int, capacity: Int) {
        self.available = available
        self.capacity = capacity
    }
}

/// A shortage that a node has, or had a short while ago.
public struct NodePressure: Hashable, Sendable, Codable {
    /// Of what.
    public let kind: NodePressureKind
    /// The measure that told it last.
    public let signal: EvictionSignal
    /// What was left then, and the least that should be: for people.
    public let words: String
    /// Since when.
    public let since: WallTime

    /// Puts a shortage together.
    public init(kind: NodePressureKind, signal: EvictionSignal, words: String, since: WallTime) {
        self.kind = kind
        self.signal = signal
        self.words = words
        self.since = since
    }
}
