import Logging
import Manifests
import PodModel

/// Ends everything that runs on a node, each Pod with its grace, and keeps the Pods: the next agent starts them again.
///
/// Pods that count less end first; those that count alike, side by side (kubelet: graceful node shutdown).
public struct Drain: Sendable {
    private let runtime: any PodRuntime
    private let history: any History
    private let clock: any NodeClock
    private let log: Logger

    /// To be used when no loop works on the node any more.
    public init(runtime: any PodRuntime, history: any History, clock: any NodeClock, log: Logger) {
        self.runtime = runtime
        self.history = history
        self.clock = clock
        self.log = log
    }

    /// Returns once nothing runs, or cannot be ended.
    ///
    /// - Throws: when the Pods cannot be observed.
    public func run() async throws {
        let pods = try await runtime.observe()
        log.info("draining", metadata: ["pods": "\(pods.count)"])
        for turn in Self.turns(of: pods) {
            await withDiscardingTaskGroup { group in
                for uid in turn { group.addTask { await end(uid) } }
            }
        }
        await history.flush()
    }

    /// The Pods that end together, the least important first.
    private static func turns(of pods: [ObservedPod]) -> [[PodUID]] {
        Dictionary(grouping: pods, by: \.record.accepted.pod.spec.priority.rank).sorted { $0.key < $1.key }
            .map { $0.value.map(\.uid) }
    }

    private func end(_ uid: PodUID) async {
        var before: ObservedPod?
        do {
            while let pod = try await runtime.observe(uid), pod != before {
                before = pod
                let actions = PodPlan.draining(pod, now: clock.now())
                if actions.isEmpty { return }
                try await carryOut(actions, on: pod)
            }
        } catch {
            log.error("pod cannot be drained", metadata: ["pod": "\(uid)", "error": "\(error)"])
        }
    }

    /// Stops come last, and side by side: they share one grace.
    private func carryOut(_ actions: [PodAction], on pod: ObservedPod) async throws {
        let events = PodEvents(of: pod.record.accepted)
        for event in actions.flatMap({ events.begun($0, at: clock.now().wall) }) { history.record(event) }
        for action in actions where !action.isStop { _ = try await runtime.perform(action, on: pod.uid) }
        await withDiscardingTaskGroup { group in
            for action in actions where action.isStop { group.addTask { await stop(action, on: pod.uid) } }
        }
    }

    /// One that does not end keeps the others from nothing; the next look shows it again.
    private func stop(_ action: PodAction, on uid: PodUID) async {
        do { _ = try await runtime.perform(action, on: uid) } catch {
            log.error(
                "container cannot be stopped", metadata: ["pod": "\(uid)", "action": "\(action)", "error": "\(error)"])
        }
    }
}
