/// One Pod at one instant: what was, by its record, and what lives, by supervisors and the kernel.
public struct ObservedPod: Hashable, Sendable, Codable {
    /// What was.
    public let record: PodRecord
    /// Whether the newest sandbox lives.
    public let sandbox: ObservedSandbox
    /// By container name; absent if never created, or if its end was acknowledged and collected.
    public let containers: [String: ObservedContainer]
    /// By the names of containers that do not run: the images, each as the manifest names it, that must be pulled before
    /// they start. Who only looks at a node does not ask for it, and sees none.
    public let imagesToPull: [String: [String]]
    /// By the names of containers whose tags are followed: the image that the tag leads to on this node now, where the
    /// newest instance was started from another one.
    public let movedImages: [String: String]

    /// Puts an observation together.
    public init(
        record: PodRecord, sandbox: ObservedSandbox, containers: [String: ObservedContainer],
        imagesToPull: [String: [String]] = [:], movedImages: [String: String] = [:]
    ) {
        self.record = record
        self.sandbox = sandbox
        self.containers = containers
        self.imagesToPull = imagesToPull
        self.movedImages = movedImages
    }

    /// The Pod's identity.
    public var uid: PodUID { record.uid }
}

/// Whether a Pod's namespaces and supervisor live.
public enum ObservedSandbox: String, Hashable, Sendable, Codable {
    /// Never made, or stopped and cleared.
    case absent
    /// Supervisor and namespaces live.
    case ready
    /// It died by itself; there may be something left to clear.
    case dead
}

/// What is seen of a container's newest instance.
public enum ObservedContainer: Hashable, Sendable, Codable {
    /// Its process lives.
    case running(id: ContainerID, since: WallTime)
    /// Its process ended; the supervisor keeps the exit until it is committed.
    case exited(ContainerExit)
}
