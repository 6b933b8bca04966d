import Manifests
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

    /// Why there is not even a container, as kubelet and container runtimes see it: a `subPath` that a volume does not have
    /// (kubelet: `makeMounts`, whose words tell nothing of the node), or that an image does not have, or an unknown user
    /// (containerd: `CreateContainer` mounts images and looks for the user). Nil for a container that failed to start.
    func creationFailure(of container: Container, _ request: StartRequest) -> ActionFailure? {
        if let mount = container.volumeMounts.first(where: { isAbout($0, request) }) {
            return ActionFailure(
                reason: "CreateContainerConfigError",
                message:
                    "failed to prepare subPath for volumeMount \"\(mount.name)\" of container \"\(container.name)\"")
        }
        let isOfImage =
            stage == Self.sources
            && request.steps.contains { $0.kind == MountStep.image && $0.within.contains(where: isAbout) }
        return stage == Self.user || isOfImage
            ? ActionFailure(reason: "CreateContainerError", message: sentence) : nil
    }

    /// Whether the part of a volume could not be opened that a mount shows.
    private func isAbout(_ mount: VolumeMount, _ request: StartRequest) -> Bool {
        guard stage == Self.sources, mount.subPath != nil || mount.subPathExpr != nil else { return false }
        return request.steps.contains {
            $0.kind == MountStep.volume && $0.target.elementsEqual(mount.mountPath.utf8)
                && $0.within.last.map(isAbout) == true
        }
    }

    /// Whether a path is what failed. No more of it than this is reported (`birth_report`).
    private func isAbout(_ path: [UInt8]) -> Bool { path.prefix(199).elementsEqual(detail) }

    // The numbers of stages are part of the protocol.
    private static let sources: UInt32 = 2
    private static let user: UInt32 = 8
}
