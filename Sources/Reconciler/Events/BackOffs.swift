import Manifests
import PodModel

/// The containers of a Pod that ended and are held back, each with the number of the attempt that waits.
///
/// Told once for each attempt: a Pod is looked at far more often than anything about it changes.
struct BackOffs: Hashable, Sendable {
    private let waiting: [String: Int]

    /// Nobody was told of any.
    init() { waiting = [:] }

    init(in pod: ObservedPod, now: Moment) {
        guard pod.record.deletion == nil, pod.record.finalPhase == nil else {
            waiting = [:]
            return
        }
        waiting = pod.record.accepted.pod.spec.allContainers.reduce(into: [:]) { waiting, container in
            guard case .held(let attempt, _) = ContainerStanding(container.name, of: pod, now: now) else { return }
            waiting[container.name] = attempt
        }
    }

    /// The containers that were not held back for the same attempt before, by name.
    func news(since before: BackOffs) -> [String] {
        waiting.filter { before.waiting[$0.key] != $0.value }.keys.sorted()
    }
}
