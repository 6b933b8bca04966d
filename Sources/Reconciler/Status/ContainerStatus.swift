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
    /// Whether it is an init container that runs on beside the containers.
    let isSidecar: Bool
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
        let isInit = pod.record.accepted.pod.spec.initContainers.contains { $0.name == container.name }
        isSidecar = isInit && container.isSidecar
        name = container.name
        image = record?.image ?? container.image
        imageID = record?.imageID ?? ""
        containerID = record?.id
        restartCount = record?.attempt ?? 0
        isToRestart =
            pod.exit(of: container.name, now: now).map { pod.record.isToRestart(container.name, after: $0) } ?? false
        // kubelet: a container whose postStart hook goes on is not said to run yet
        if case .running(let id, let since) = pod.containers[container.name],
            pod.pendingPostStart(of: container.name, id) == nil
        {
            let standing = pod.record.probes(of: container.name, id)
            let verdict = pod.verdict(of: container, id)
            // An init container that is to end is ready once it has.
            (isReady, isStarted) = (verdict.isReady && (!isInit || isSidecar), verdict.isStarted)
            readinessSince = standing?.readinessSince ?? since
            state = .running(since: since)
            lastExit = record?.previousExit
            return
        }
        // An init container that ended well is what its Pod needs; a sidecar that ended serves nobody.
        isReady = isInit && !isSidecar && pod.exit(of: container.name, now: now)?.code == 0
        (isStarted, readinessSince) = (false, nil)
        if let exit = pod.exit(of: container.name, now: now) {
            if let waiting = Self.waiting(container, of: pod, after: exit, now: now) {
                state = .waiting(waiting)
                lastExit = exit
            } else {
                state = .terminated(exit)
                lastExit = record?.previousExit
            }
        } else {
            let reason = pod.record.accepted.pod.spec.initContainers.isEmpty ? "ContainerCreating" : "PodInitializing"
            state = .waiting(
                record?.waiting?.shown(of: container, now: now.wall) ?? WaitingReason(reason: reason, message: ""))
            lastExit = record?.previousExit
        }
    }

    /// Whether its process ended and does not start again.
    var hasEnded: Bool { if case .terminated = state { true } else { false } }

    /// A container that ended waits if its next start failed or is held back; else it is shown as ended.
    private static func waiting(
        _ container: Container, of pod: ObservedPod, after exit: ContainerExit, now: Moment
    ) -> WaitingReason? {
        guard pod.record.isToRestart(container.name, after: exit) else { return nil }
        let record = pod.record.containers[container.name]
        let isBlamed = !pod.record.isForgiven(container.name) && !pod.record.wasInterrupted(exit.id)
        guard isBlamed, let delay = record?.backoff?.delay,
            CrashBackoff(after: exit, current: record?.backoff, now: now).remaining > .zero
        else { return record?.waiting?.shown(of: container, now: now.wall) }
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
        restarts(container, after: exit) || isRedefined(container)
    }
}

extension WaitingReason {
    /// kubelet: a pull that failed is told as it fails, and from the next look on as what is held back.
    fileprivate func shown(of container: Container, now: WallTime) -> WaitingReason {
        guard ImageReason.ofPull.contains(reason), let since, now - since >= .seconds(1) else { return self }
        return WaitingReason(
            reason: ImageReason.heldBack,
            message: "Back-off pulling image \"\(image ?? container.image)\": \(reason): \(message)")
    }
}

/// `10s`, `1m20s`, `5m0s`: as Go prints durations, which the kubelet's messages carry.
private func span(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
}
