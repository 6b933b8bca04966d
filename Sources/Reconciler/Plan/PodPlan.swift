import PodModel

/// The kubelet's state machine for one Pod: what is to be done now, and when to look again.
///
/// Called again after every event and after its own actions, until nothing is left. One direction only: running,
/// ending, gone.
public struct PodPlan: Hashable, Sendable {
    /// To be carried out in this order; the rest waits if one fails.
    public let actions: [PodAction]
    /// When to ask again although nothing happened; nil if only an event can change anything.
    public let wake: BootTime?
    /// The failures that hold actions back now.
    public let held: [ActionFailure]

    /// Plans for one Pod.
    ///
    /// - Parameter retries: the actions that failed and did not succeed since.
    public init(_ pod: ObservedPod, retries: [RetryKey: Retry] = [:], now: Moment) {
        var steps: PodSteps
        if let deletion = pod.record.deletion {
            steps = .ending(pod, deletion, now: now)
        } else if pod.record.finalPhase != nil {
            steps = .settling(pod, now: now)
        } else {
            steps = .running(pod, now: now)
        }
        held = steps.hold(back: retries, now: now.boot)
        actions = steps.actions
        wake = steps.wakes.min()
    }
}

/// Actions and timers, being put together.
struct PodSteps {
    var actions: [PodAction] = []
    var wakes: [BootTime] = []

    /// Takes out what failed a short while ago. A container that cannot start, or cannot be resized, keeps no other from
    /// starting; anything else keeps all that follows waiting.
    mutating func hold(back retries: [RetryKey: Retry], now: BootTime) -> [ActionFailure] {
        var due: [PodAction] = []
        var failures: [ActionFailure] = []
        for action in actions {
            guard let retry = retries[RetryKey(action)], retry.due > now else {
                due.append(action)
                continue
            }
            failures.append(retry.failure)
            wakes.append(retry.due)
            if action.concernsOneContainerOnly { continue }
            break
        }
        actions = due
        return failures
    }
}

extension PodAction {
    /// Its failure keeps nothing else waiting.
    fileprivate var concernsOneContainerOnly: Bool {
        switch self {
        case .startContainer, .resizeContainer: true
        case .createSandbox, .runPostStart, .commitStart, .stopContainer, .stopSandbox, .commitExit, .finish, .fail,
            .remove:
            false
        }
    }
}
