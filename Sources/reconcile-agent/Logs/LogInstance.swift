import NodeRuntime
import PodModel

/// One instance of a container whose log can be read.
struct LogInstance: Hashable, Sendable {
    let container: String
    /// The instance; nil when it is one of the past.
    let id: ContainerID?
    private let pod: PodName
    private let uid: PodUID
    private let attempt: Int

    /// Chooses as kubectl does: the newest instance, or the one before when the newest has not started yet.
    ///
    /// - Throws: `CommandFailure` when there is no such instance.
    init(of container: String, in observed: ObservedPod, isPrevious: Bool) throws {
        let record = observed.record.containers[container]
        pod = observed.record.accepted.name
        uid = observed.uid
        self.container = container
        let attempt = record?.attempt ?? 0
        if isPrevious {
            guard attempt > 0 else {
                throw CommandFailure(
                    .notFound, "previous terminated container \"\(container)\" in pod \"\(pod.name)\" not found")
            }
            (id, self.attempt) = (nil, attempt - 1)
        } else if record?.startedAt != nil || record?.lastExit != nil || observed.containers[container] != nil {
            (id, self.attempt) = (record?.id, attempt)
        } else if attempt > 0 {
            (id, self.attempt) = (nil, attempt - 1)
        } else {
            throw CommandFailure(
                .notFound,
                "container \"\(container)\" in pod \"\(pod.name)\" is waiting to start: "
                    + Self.words(for: record?.waiting?.reason ?? "ContainerCreating"), hint: record?.waiting?.message)
        }
    }

    /// The file that its logger writes.
    func path(in paths: NodePaths) -> String { paths.log(of: container, attempt: attempt, in: pod, uid) }

    /// What stands before each of its lines on request (kubectl).
    var prefix: String { "[pod/\(pod.name)/\(container)] " }

    /// The kubelet's words for why there is no log yet.
    private static func words(for reason: String) -> String {
        switch reason {
        case "ErrImagePull": "image can't be pulled"
        case "ImagePullBackOff": "trying and failing to pull image"
        default: reason
        }
    }
}
