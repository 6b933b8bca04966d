import Manifests
import PodModel

/// What a container does, as Kubernetes tells it.
public enum ContainerState: Hashable, Sendable {
    /// Not started yet, or held back.
    case waiting(WaitingReason)
    /// Its process lives.
    case running(since: WallTime)
    /// Its process ended.
    case terminated(ContainerExit)
}

/// One entry of `status.containerStatuses`.
public struct ContainerStatus: Hashable, Sendable {
    /// The container's name.
    public let name: String
    /// The image as resolved, or as written while it is not.
    public let image: String
    /// The image's digest; empty until resolved.
    public let imageID: String
    /// The newest instance; nil until there is one.
    public let containerID: ContainerID?
    /// What it does.
    public let state: ContainerState
    /// How the instance before ended.
    public let lastExit: ContainerExit?
    /// How often it was started again.
    public let restartCount: Int
    /// Whether it ended and is to start again.
    let isToRestart: Bool

    /// Without probes, a container is ready while it runs.
    public var isReady: Bool { if case .running = state { true } else { false } }
    /// Without a startup probe, a container counts as started as soon as it runs.
    public var isStarted: Bool { isReady }

    init(_ container: Container, of pod: ObservedPod, now: Moment) {
        let record = pod.record.containers[container.name]
        name = container.name
        image = record?.image ?? container.image
        imageID = record?.imageID ?? ""
        containerID = record?.id
        restartCount = record?.attempt ?? 0
        isToRestart =
            pod.exit(of: container.name, now: now).map { pod.record.isToRestart(container.name, after: $0) } ?? false
        if case .running(_, let since) = pod.containers[container.name] {
            state = .running(since: since)
            lastExit = record?.previousExit
        } else if let exit = pod.exit(of: container.name, now: now) {
            if let waiting = Self.waiting(container, of: pod, after: exit, now: now) {
                state = .waiting(waiting)
                lastExit = exit
            } else {
                state = .terminated(exit)
                lastExit = record?.previousExit
            }
        } else {
            state = .waiting(record?.waiting ?? WaitingReason(reason: "ContainerCreating", message: ""))
            lastExit = record?.previousExit
        }
    }

    /// A container that ended waits if its next start failed or is held back; else it is shown as ended.
    private static func waiting(
        _ container: Container, of pod: ObservedPod, after exit: ContainerExit, now: Moment
    ) -> WaitingReason? {
        guard pod.record.isToRestart(container.name, after: exit) else { return nil }
        let record = pod.record.containers[container.name]
        if let waiting = record?.waiting { return waiting }
        guard !pod.record.isRedefined(container.name), let delay = record?.backoff?.delay,
            CrashBackoff(after: exit, current: record?.backoff, now: now).remaining > .zero
        else { return nil }
        let name = pod.record.accepted.name
        let owner = "pod=\(name.name)_\(name.namespace)(\(pod.uid))"
        return WaitingReason(
            reason: "CrashLoopBackOff",
            message: "back-off \(span(delay)) restarting failed container=\(container.name) \(owner)")
    }
}

extension PodRecord {
    /// Whether a container that ended starts again: by its policy, or because it is to run something else now.
    fileprivate func isToRestart(_ container: String, after exit: ContainerExit) -> Bool {
        restarts(after: exit) || isRedefined(container)
    }
}

/// `10s`, `1m20s`, `5m0s`: as Go prints durations, which the kubelet's messages carry.
private func span(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
}
