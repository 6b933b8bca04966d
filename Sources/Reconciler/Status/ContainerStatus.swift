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

    /// Whether it can serve: it runs, has started, and its readiness probe, if it has one, says so.
    public let isReady: Bool
    /// Whether it runs and has started: without a startup probe, as soon as it runs.
    public let isStarted: Bool
    /// When it became ready, or ceased to be; nil while it does not run.
    let readinessSince: WallTime?

    init(_ container: Container, of pod: ObservedPod, now: Moment) {
        let record = pod.record.containers[container.name]
        name = container.name
        image = record?.image ?? container.image
        imageID = record?.imageID ?? ""
        containerID = record?.id
        restartCount = record?.attempt ?? 0
        isToRestart =
            pod.exit(of: container.name, now: now).map { pod.record.isToRestart(container.name, after: $0) } ?? false
        if case .running(let id, let since) = pod.containers[container.name] {
            let standing = pod.record.probes(of: container.name, id)
            let verdict = standing?.verdict ?? container.verdictAtStart
            (isReady, isStarted) = (verdict.isReady, verdict.isStarted)
            readinessSince = standing?.readinessSince ?? since
            state = .running(since: since)
            lastExit = record?.previousExit
            return
        }
        (isReady, isStarted, readinessSince) = (false, false, nil)
        if let exit = pod.exit(of: container.name, now: now) {
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

extension Container {
    /// What its probes say before the first was tried: without probes, a container is ready while it runs.
    fileprivate var verdictAtStart: ProbeVerdict {
        ProbeVerdict(
            isStarted: startupProbe == nil, isReady: startupProbe == nil && readinessProbe == nil, failure: nil)
    }
}

extension PodRecord {
    /// Whether a container that ended starts again: by its policy, or because it is to run something else now.
    fileprivate func isToRestart(_ container: String, after exit: ContainerExit) -> Bool {
        restarts(container, after: exit) || isRedefined(container)
    }
}

/// `10s`, `1m20s`, `5m0s`: as Go prints durations, which the kubelet's messages carry.
private func span(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
}
