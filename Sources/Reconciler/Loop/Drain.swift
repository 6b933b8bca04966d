import Logging
import PodModel

/// Ends everything that runs on a node, all Pods side by side, each with its grace, and keeps the Pods: the next agent
/// starts them again.
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
        await withDiscardingTaskGroup { group in
            for pod in pods { group.addTask { await end(pod.uid) } }
        }
        await history.flush()
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

    /// Neighbouring stops side by side: they share one grace.
    private func carryOut(_ actions: [PodAction], on pod: ObservedPod) async throws {
        let events = PodEvents(of: pod.record.accepted)
        for event in actions.flatMap({ events.begun($0, at: clock.now().wall) }) { history.record(event) }
        let runtime = runtime
        if actions.count > 1, case .stopContainer = actions[0] {
            return try await withThrowingDiscardingTaskGroup { group in
                for action in actions { group.addTask { _ = try await runtime.perform(action, on: pod.uid) } }
            }
        }
        for action in actions { _ = try await runtime.perform(action, on: pod.uid) }
    }
}
