/// What *was*: the part of a Pod's history that decisions need, owned and stored by the runtime.
///
/// It outlives agent and machine. What *lives* is told by supervisors and the kernel only (`ObservedPod`).
public struct PodRecord: Hashable, Sendable, Codable {
    /// The Pod's identity; equals `accepted.uid`.
    public let uid: PodUID
    /// The manifest as run.
    public var accepted: AcceptedPod
    /// The boot the sandbox was last made in; under any other boot id everything that ran is dead.
    public var bootID: BootID
    /// When the first sandbox was made: `status.startTime`.
    public var startTime: WallTime?
    /// The Pod's IPv4 address as text, while it holds one.
    public var address: String?
    /// The node's users that its own stand for, once it has a sandbox; nil of a Pod whose users are the node's.
    public var users: UserRange?
    /// The newest sandbox made; stays after its end so that the next attempt's number is known.
    public var sandbox: SandboxRecord?
    /// What was made of its volumes; nil until that was done.
    public var volumes: VolumesRecord?
    /// By container name; absent until first tried.
    public var containers: [String: ContainerRecord]
    /// Set once the Pod is to end; never taken back.
    public var deletion: DeletionRecord?
    /// Set once, to `succeeded` or `failed`; never taken back.
    public var finalPhase: PodPhase?
    /// Why the Pod failed, where it is not for how its containers ended.
    public var finalReason: WaitingReason?
    /// When the grace is over that its containers share once all of them are to be stopped; counts within the boot. Nil
    /// while they are not.
    public var stopDeadline: BootTime?
    /// The instances that were stopped only because the node was shut down: each starts again, however it ended. Nil when
    /// there was none.
    public var interrupted: [ContainerID]?
    /// How often the record was written: of two copies the one with more is the newer. Nil when an older release wrote it.
    public var writes: Int?
    /// What the node has no room for: the Pod as long as nothing was made for it, else what its manifest asks for now. Nil
    /// when it has room, and in what an older release stored.
    public var hold: PodHold?

    /// A new Pod's record.
    public init(
        accepted: AcceptedPod, bootID: BootID, startTime: WallTime? = nil, address: String? = nil,
        users: UserRange? = nil, sandbox: SandboxRecord? = nil, volumes: VolumesRecord? = nil,
        containers: [String: ContainerRecord] = [:],
        deletion: DeletionRecord? = nil, finalPhase: PodPhase? = nil, finalReason: WaitingReason? = nil,
        hold: PodHold? = nil
    ) {
        self.uid = accepted.uid
        self.accepted = accepted
        self.bootID = bootID
        self.startTime = startTime
        self.address = address
        self.users = users
        self.sandbox = sandbox
        self.volumes = volumes
        self.containers = containers
        self.deletion = deletion
        self.finalPhase = finalPhase
        self.finalReason = finalReason
        self.hold = hold
    }

    /// Forgets the crash back-off of every container.
    public mutating func forgive() { for name in containers.keys { containers[name]?.backoff = nil } }

    /// Takes over a manifest that needs no new Pod.
    ///
    /// What the instances were started from stays known: of one that nobody noted it for, it is what the record said.
    public mutating func takeOver(_ pod: AcceptedPod) {
        for (name, container) in containers where container.id != nil && container.definition == nil {
            containers[name]?.definition = accepted.written(container: name)
        }
        accepted = pod
    }
}

/// One sandbox of a Pod: its namespaces and its supervisor.
public struct SandboxRecord: Hashable, Sendable, Codable {
    /// Unique among all sandboxes.
    public let id: SandboxID
    /// 0 for the Pod's first sandbox, one more for each later one.
    public let attempt: Int
    /// When it was made.
    public let createdAt: WallTime
    /// Where it was made; nil when an older release made it.
    public let node: NodePlace?
    /// The Pod's address in it, which may be another's once it is gone; nil when an older release made it.
    public let address: String?

    /// Puts a sandbox's record together.
    public init(
        id: SandboxID, attempt: Int, createdAt: WallTime, node: NodePlace? = nil, address: String? = nil
    ) {
        self.node = node
        self.address = address
        self.id = id
        self.attempt = attempt
        self.createdAt = createdAt
    }
}

/// The node that a Pod runs on, as its containers can be told.
public struct NodePlace: Hashable, Sendable, Codable {
    /// The node's name.
    public let name: String
    /// The node's own address, `status.hostIP`.
    public let address: String
    /// What Pods together may request of it; nil where an older release did not write it down.
    public let allocatable: NodeAllocatable?

    /// Puts them together.
    public init(name: String, address: String, allocatable: NodeAllocatable? = nil) {
        self.name = name
        self.address = address
        self.allocatable = allocatable
    }
}

/// The wish that a Pod ends, written down before anything is stopped.
public struct DeletionRecord: Hashable, Sendable, Codable {
    /// When the Pod was asked to end.
    public let requestedAt: WallTime
    /// Seconds its containers get between the stop signal and the kill.
    public let graceSeconds: Int
    /// When the grace is over; counts within the boot it was written in (after a reboot nothing is left to stop).
    public let deadline: BootTime

    /// Puts a deletion together.
    public init(requestedAt: WallTime, graceSeconds: Int, deadline: BootTime) {
        self.requestedAt = requestedAt
        self.graceSeconds = graceSeconds
        self.deadline = deadline
    }

    /// When the Pod should be gone: `metadata.deletionTimestamp`, as Kubernetes counts it.
    public var deletionTimestamp: WallTime { requestedAt + .seconds(graceSeconds) }
}
