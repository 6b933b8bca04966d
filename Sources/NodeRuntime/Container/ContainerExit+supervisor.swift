import PodModel
import SupervisorCore

extension ContainerExit {
    /// A container's end as its supervisor recorded it, in the kubelet's words.
    init(_ exit: Exit, bootID: BootID) {
        let reason: TerminationReason =
            if exit.failure != nil { .startError } else if exit.code == 0 { .completed } else if exit.killedForMemory {
                .oomKilled
            } else { .error }
        self.init(
            id: ContainerID(String(decoding: exit.id, as: UTF8.self)), code: Int32(clamping: exit.code),
            signal: exit.signal == 0 ? nil : Int32(clamping: exit.signal), reason: reason,
            message: exit.failure?.sentence,
            startedAt: exit.startedAt == 0 ? nil : WallTime(nanoseconds: Int64(clamping: exit.startedAt)),
            finishedAt: WallTime(nanoseconds: Int64(clamping: exit.finishedAt)),
            finishedBoot: BootTime(nanoseconds: Int64(clamping: exit.finishedBoot)), bootID: bootID)
    }

    /// A start that failed: exit code 128 (containerd).
    init(_ id: ContainerID, failedBy failure: BirthFailure, bootID: BootID) {
        self.init(
            id: id, code: 128, reason: .startError, message: failure.sentence, startedAt: nil, finishedAt: .now(),
            finishedBoot: .now(), bootID: bootID)
    }
}

extension BirthFailure {
    /// Whether a process failed to come to be; else the request was wrong.
    var isOfBirth: Bool { stage < RequestFailure.malformed }

    /// Whether there is not even a container, as container runtimes see it (containerd: `CreateContainer` looks for the user
    /// and mounts images): an unknown user, or a place that an image which is mounted does not have.
    func isOfCreation(_ request: StartRequest) -> Bool {
        stage == Self.user
            || stage == Self.sources
                && request.steps.contains { $0.kind == MountStep.image && $0.within.contains(detail) }
    }

    // The numbers of stages are part of the protocol.
    private static let sources: UInt32 = 2
    private static let user: UInt32 = 8
}
