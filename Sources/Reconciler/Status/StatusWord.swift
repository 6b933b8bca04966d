import Manifests
import PodModel

extension PodStatus {
    /// The STATUS column, as kubectl words it (kubernetes `printPod`).
    public var statusWord: String {
        if deletion != nil, !phase.isTerminal { return "Terminating" }
        if hold?.reason == .gated { return PodHold.Reason.gated.rawValue }
        if !isBegun { return phase.rawValue }
        if !isInitialized, let word = initWord { return word }
        var word = reason?.reason ?? phase.rawValue
        var hasRunning = false
        var firstError: String?
        for container in containers.reversed() {
            switch container.state {
            case .waiting(let waiting): word = waiting.reason
            case .terminated(let exit):
                word = exit.reason.rawValue
                if exit.reason != .completed { firstError = word }
            case .running: hasRunning = hasRunning || container.isReady
            }
        }
        guard word == TerminationReason.completed.rawValue else { return word }
        if hasRunning, isReady { return "Running" }
        return firstError ?? (hasRunning ? "NotReady" : word)
    }

    /// The first init container that has not passed decides; kubectl passes over whatever has just ended well, a sidecar
    /// too.
    private var initWord: String? {
        let unpassed = initContainers.enumerated().first { _, container in
            if case .terminated(let exit) = container.state, exit.code == 0 { return false }
            return !(container.isSidecar ? container.isStarted : container.isReady)
        }
        guard let (index, container) = unpassed else { return nil }
        switch container.state {
        case .terminated(let exit): return "Init:\(exit.reason.rawValue)"
        case .waiting(let waiting) where waiting.reason != "PodInitializing": return "Init:\(waiting.reason)"
        case .waiting, .running: return "Init:\(index)/\(initContainers.count)"
        }
    }
}
