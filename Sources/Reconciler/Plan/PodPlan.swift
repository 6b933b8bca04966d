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
    /// - Parameters:
    ///   - retries: the actions that failed and did not succeed since.
    ///   - eviction: why the Pod has to go although it is wanted; nil if it may stay.
    public init(
        _ pod: ObservedPod, retries: [RetryKey: Retry] = [:], eviction: WaitingReason? = nil, now: Moment
    ) {
        var steps: PodSteps
        if let deletion = pod.record.deletion {
            steps = .ending(pod, deletion, now: now)
        } else if pod.record.finalPhase != nil {
            steps = .settling(pod, now: now)
        } else if let eviction {
            // Written down first: nothing of it ever runs again.
            steps = PodSteps(actions: [.fail(reason: eviction.reason, message: eviction.message)])
        } else if pod.record.isUnscheduled {
            // kube-scheduler: nothing is made for it, not even its images are pulled
            steps = PodSteps()
        } else {
            steps = .running(pod, now: now)
        }
        steps.pullFirst(pod.imagesToPull)
        held = steps.hold(back: retries, now: now.boot)
        actions = steps.actions
        wake = steps.wakes.min()
    }
}

/// Actions and timers, being put together.
struct PodSteps {
    var actions: [PodAction] = []
    var wakes: [BootTime] = []
    /// By container: the images that are pulled before it starts.
    private(set) var neededImages: [String: [String]] = [:]

    init(actions: [PodAction] = []) { self.actions = actions }

    /// Has the images of containers that are about to start pulled first, each once, side by side: just before the first
    /// start that needs one. Containers before that one start without waiting.
    mutating func pullFirst(_ images: [String: [String]]) {
        neededImages = images
        guard let first = actions.firstIndex(where: { !neededImages(of: $0).isEmpty }) else { return }
        var seen: Set<String> = []
        let pulls = actions[first...].flatMap { start -> [PodAction] in
            guard let name = start.container else { return [] }
            return neededImages(of: start).filter { seen.insert($0).inserted }
                .map { .pullImage(image: $0, container: name) }
        }
        actions.insert(contentsOf: pulls, at: first)
    }

    /// The images that must be pulled before an action; none for anything but such a start.
    private func neededImages(of action: PodAction) -> [String] {
        guard case .startContainer(let name, _, _) = action else { return [] }
        return neededImages[name] ?? []
    }

    /// Takes out what failed a short while ago. A container that cannot start, or cannot be resized, keeps no other from
    /// starting, nor does a volume whose files cannot be written anew; anything else keeps all that follows waiting.
    mutating func hold(back retries: [RetryKey: Retry], now: BootTime) -> [ActionFailure] {
        var due: [PodAction] = []
        var failures: [ActionFailure] = []
        var missing: Set<String> = []
        for action in actions {
            if neededImages(of: action).contains(where: missing.contains) { continue }
            guard let retry = retries[RetryKey(action)], retry.due > now else {
                due.append(action)
                continue
            }
            failures.append(retry.failure)
            wakes.append(retry.due)
            if let image = action.image { missing.insert(image) }
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
        case .pullImage, .startContainer, .resizeContainer, .updateVolumes: true
        case .createSandbox, .mountVolumes, .runPostStart, .commitStart, .beginStop, .stopContainer, .stopSandbox,
            .commitExit, .finish, .fail, .remove:
            false
        }
    }
}
