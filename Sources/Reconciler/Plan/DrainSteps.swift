import Manifests
import PodModel

/// The end of a node, in the kubelet's words (kubernetes `pkg/kubelet/nodeshutdown`).
enum NodeShutdown {
    static let reason = "Terminated"
    static let message = "Pod was terminated in response to imminent node shutdown."
}

extension PodPlan {
    /// The steps that end what runs of a Pod and keep the Pod: its containers with their grace, sidecars last, then its
    /// sandbox. Empty once nothing is left.
    static func draining(_ pod: ObservedPod, now: Moment) -> [PodAction] {
        let grace = pod.record.deletion.map { max(.zero, $0.deadline - now.boot) } ?? pod.sharedGrace(now: now)
        let stops = pod.stops(grace: grace, reason: StopReason.nodeShutdown)
        if !stops.isEmpty { return pod.beginDraining(now: now) + stops }
        return pod.uncommittedExits(now: now) + (pod.sandbox == .absent ? [] : [.stopSandbox])
    }
}

extension ObservedPod {
    /// Written down before anything is stopped: how a container ends that was asked to says nothing about its work. A Pod
    /// that must not do its work twice has failed (kubelet: so has every Pod, since others are made elsewhere).
    fileprivate func beginDraining(now: Moment) -> [PodAction] {
        guard record.deletion == nil, record.finalPhase == nil else { return [] }
        if endsWithNode(now: now) { return [.fail(reason: NodeShutdown.reason, message: NodeShutdown.message)] }
        let cutShort = runningContainers.filter { $0.policy != .never }.map(\.id)
        if record.stopDeadline != nil, cutShort.allSatisfy(record.wasInterrupted) { return [] }
        return [.beginStop(deadline: record.stopDeadline ?? now.boot + fullGrace, restarting: cutShort)]
    }

    /// Whether something of the Pod runs that never starts again, and nothing else would go on: what has not begun yet and
    /// may run but once does not make good for it.
    private func endsWithNode(now: Moment) -> Bool {
        let spec = record.accepted.pod.spec
        let once = runningContainers.filter { $0.policy == .never }.map(\.name)
        if once.contains(where: spec.hasInit) { return true }
        return !once.isEmpty
            && spec.containers.allSatisfy { container in
                if spec.restartPolicy(of: container) == .never { return true }
                if case .finished = ContainerStanding(container.name, of: self, now: now) { return true }
                return false
            }
    }

    /// What runs, in the order of the manifest, each with what its restart policy is.
    private var runningContainers: [(name: String, id: ContainerID, policy: RestartPolicy)] {
        let spec = record.accepted.pod.spec
        return spec.allContainers.compactMap { container in
            guard case .running(let id, _) = containers[container.name] else { return nil }
            return (container.name, id, spec.restartPolicy(of: container))
        }
    }
}
