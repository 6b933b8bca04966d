import PodModel

/// What a worker tells about its Pod after each look.
struct PodStanding: Sendable {
    let status: PodStatus
    /// Nothing can be done now; an event or a timer may change that.
    let isAtRest: Bool
    /// The failures that hold actions back.
    let failures: [ActionFailure]
    /// When the look began; nil where nobody asks.
    var seen: BootTime?

    /// Whether the Pod is what it should be: everything runs and is ready, or everything ended well, and nothing waits.
    var isHealthy: Bool {
        isAtRest && failures.isEmpty && status.hold == nil && (status.isReady || status.phase == .succeeded)
    }

    /// The failure a person should hear about: of an action, or of a process that could not be started.
    var failure: ActionFailure? {
        if let failure = failures.first { return failure }
        for container in status.initContainers + status.containers {
            guard let exit = container.newestExit, exit.reason == .startError else { continue }
            return ActionFailure(
                reason: exit.reason.rawValue,
                message: "container \(container.name) could not be started: \(exit.message ?? "no reason is known")")
        }
        return nil
    }

    /// Whether waiting longer is not expected to change anything.
    var isSettled: Bool { isHealthy || (isAtRest && (failure != nil || status.hold != nil || status.phase.isTerminal)) }
}

extension ContainerStatus {
    /// How the newest instance ended; nil while it runs.
    fileprivate var newestExit: ContainerExit? {
        switch state {
        case .running: nil
        case .terminated(let exit): exit
        case .waiting: lastExit
        }
    }
}
