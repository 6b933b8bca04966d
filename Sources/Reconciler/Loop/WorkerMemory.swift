import PodModel

/// What a worker remembers between two looks; lost with the agent, at the cost of one early retry.
struct WorkerMemory {
    /// The actions that failed and did not succeed since.
    private(set) var retries: [RetryKey: Retry] = [:]
    private var timer: BootTime?
    private var accepted: AcceptedPod?
    private var backOffs = BackOffs()
    private var lastAttempt: (pod: ObservedPod, actions: [PodAction])?

    /// Takes in how an action ended.
    mutating func learn(_ action: PodAction, _ outcome: ActionOutcome, now: BootTime) {
        switch outcome {
        case .done: retries[RetryKey(action)] = nil
        case .failed(let failure):
            retries[RetryKey(action)] = Retry(failure, after: retries[RetryKey(action)], now: now)
            lastAttempt = nil
        case .cancelled: lastAttempt = nil
        }
    }

    /// Forgets what failed: it may be tried at once.
    mutating func forgive() { retries = [:] }

    /// Remembers what is about to be done about what was seen.
    mutating func acted(on pod: ObservedPod, _ actions: [PodAction]) { lastAttempt = (pod, actions) }

    /// An action that succeeded and changed nothing must not be repeated in a circle: it counts as failed.
    /// What failed is tried at once where the Pod, or what it takes from other objects, was changed.
    mutating func notice(_ pod: ObservedPod, now: BootTime) {
        if let accepted, accepted != pod.record.accepted { retries = [:] }
        accepted = pod.record.accepted
        guard let last = lastAttempt else { return }
        lastAttempt = nil
        guard last.pod == pod, let action = last.actions.first else { return }
        let failure = ActionFailure(
            reason: "NoProgress", message: "\(action.verb) reported success, but nothing changed")
        retries[RetryKey(action)] = Retry(failure, after: retries[RetryKey(action)], now: now)
    }

    /// Takes in which containers are held back.
    ///
    /// - Returns: those of which nobody was told yet.
    mutating func heldBack(_ found: BackOffs) -> [String] {
        defer { backOffs = found }
        return found.news(since: backOffs)
    }

    /// Whether a new timer is needed: none is running that rings as early.
    mutating func needsTimer(at time: BootTime, now: BootTime) -> Bool {
        if let timer, timer > now, timer <= time { return false }
        timer = time
        return true
    }
}
