/// How one container instance ended.
public struct ContainerExit: Hashable, Sendable, Codable {
    /// The instance.
    public let id: ContainerID
    /// The process's code; 128 plus the signal's number if a signal ended it.
    public let code: Int32
    /// The signal that ended it, if one did.
    public let signal: Int32?
    /// Why it ended.
    public let reason: TerminationReason
    /// What the user should know beyond the code.
    public let message: String?
    /// When its process was born; nil if it never was or nobody knows.
    public let startedAt: WallTime?
    /// When it ended.
    public let finishedAt: WallTime
    /// When it ended, counted within `bootID`.
    public let finishedBoot: BootTime
    /// The boot it ended in.
    public let bootID: BootID

    /// Puts an exit together.
    public init(
        id: ContainerID, code: Int32, signal: Int32? = nil, reason: TerminationReason, message: String? = nil,
        startedAt: WallTime?, finishedAt: WallTime, finishedBoot: BootTime, bootID: BootID
    ) {
        self.id = id
        self.code = code
        self.signal = signal
        self.reason = reason
        self.message = message
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.finishedBoot = finishedBoot
        self.bootID = bootID
    }

    /// The same end with what the container left to say.
    public func saying(_ message: String) -> ContainerExit {
        ContainerExit(
            id: id, code: code, signal: signal, reason: reason, message: message, startedAt: startedAt,
            finishedAt: finishedAt, finishedBoot: finishedBoot, bootID: bootID)
    }

    /// Both readings of its end.
    public var finished: Moment { Moment(wall: finishedAt, boot: finishedBoot, bootID: bootID) }
}

/// Why a container ended, in the kubelet's words.
public enum TerminationReason: String, Hashable, Sendable, Codable {
    /// With code 0.
    case completed = "Completed"
    /// With any other code or by a signal.
    case error = "Error"
    /// The kernel killed it for memory.
    case oomKilled = "OOMKilled"
    /// Its process could not be started: code 128.
    case startError = "StartError"
    /// It ran, and nobody knows how it ended: code 137.
    case containerStatusUnknown = "ContainerStatusUnknown"
}
