import Manifests
import PodModel

/// How far a Pod's init containers are in its present sandbox.
///
/// They run one after the other, each to its end; a sidecar only until it has started, and then beside the rest. A new
/// sandbox begins anew. How far they are is told by the newest that was made: those before it had passed. Of these the
/// sidecars are kept running, and hold up nobody when they crash; the others are not looked at any more (kubelet
/// `computeInitContainerActions`).
struct InitProgress {
    /// One init container whose turn it is, or was.
    struct Step {
        let name: String
        let standing: ContainerStanding
    }

    /// What the init containers need now: the sidecars that passed, and the one whose turn it is.
    let steps: [Step]
    /// Whether the containers may start.
    let isDone: Bool
    /// Whether the Pod is said to be initialized: a container has begun, or no sidecar is down before one does.
    let isInitialized: Bool
    /// How one ended that never starts again: the Pod has failed.
    let failure: ContainerExit?

    init(of pod: ObservedPod, now: Moment) {
        let containers = pod.record.accepted.pod.spec.initContainers
        let hasBegun = pod.record.accepted.pod.spec.containers.contains { pod.wasMade($0.name) }
        let newest = hasBegun ? containers.count : containers.lastIndex { pod.wasMade($0.name) } ?? 0
        var steps: [Step] = []
        var failure: ContainerExit?
        var isDone = true
        var isUp = true
        for (index, container) in containers.enumerated() {
            if !container.isSidecar, index < newest { continue }
            let standing = pod.standing(ofInit: container, now: now)
            steps.append(Step(name: container.name, standing: standing))
            if pod.hasPassed(container, standing) { continue }
            isUp = false
            if index < newest { continue }
            if case .finished(let exit) = standing { failure = exit }
            isDone = false
            break
        }
        (self.steps, self.isDone, self.failure) = (steps, isDone, failure)
        isInitialized = hasBegun || isDone && isUp
    }
}

extension ObservedPod {
    /// Whether a container's newest instance was made in the sandbox that lives now.
    fileprivate func wasMade(_ container: String) -> Bool {
        guard sandbox == .ready, let record = record.containers[container], record.id != nil,
            record.startedAt != nil || record.lastExit != nil || containers[container] != nil
        else { return false }
        return record.sandbox == nil || record.sandbox == self.record.sandbox?.id
    }

    fileprivate func standing(ofInit container: Container, now: Moment) -> ContainerStanding {
        let standing = ContainerStanding(container.name, of: self, now: now)
        guard !container.isSidecar, !wasMade(container.name), record.deletion == nil, record.finalPhase == nil else {
            return standing
        }
        // What an instance in an earlier sandbox came to counts for nothing but the number of attempts.
        switch standing {
        case .finished, .held: break
        case .start(let attempt, _): return .start(attempt: attempt, backoff: nil)
        case .running, .resizable, .outdated, .moved, .unhealthy, .unhooked: return standing
        }
        // In a sandbox that is still to be replaced, a failure is final if it is never tried again.
        if sandbox != .ready, case .finished(let exit) = standing, exit.code != 0 { return standing }
        return .start(attempt: (record.containers[container.name]?.attempt ?? 0) + 1, backoff: nil)
    }

    /// Whether the next one may begin: a plain one ended well, a sidecar has started.
    fileprivate func hasPassed(_ container: Container, _ standing: ContainerStanding) -> Bool {
        switch standing {
        case .finished(let exit): !container.isSidecar && exit.code == 0
        case .running(let id), .resizable(let id), .outdated(let id), .moved(let id):
            container.isSidecar && verdict(of: container, id).isStarted
        case .unhealthy, .unhooked, .start, .held: false
        }
    }

    /// What the probes of an instance that runs say.
    func verdict(of container: Container, _ id: ContainerID) -> ProbeVerdict {
        record.probes(of: container.name, id)?.verdict ?? container.verdictAtStart
    }
}

extension Container {
    /// What its probes say before the first was tried: without probes, a container is ready while it runs.
    var verdictAtStart: ProbeVerdict {
        ProbeVerdict(
            isStarted: startupProbe == nil, isReady: startupProbe == nil && readinessProbe == nil, failure: nil)
    }
}
