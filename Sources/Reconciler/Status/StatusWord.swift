import Manifests
import PodModel

extension PodStatus {
    /// The STATUS column, as kubectl words it (kubernetes `printPod`).
    public var statusWord: String {
        if deletion != nil, !phase.isTerminal { return "Terminating" }
        if !isBegun { return phase.rawValue }
        var word = phase.rawValue
        var hasRunning = false
        var firstError: String?
        for container in containers.reversed() {
            switch container.state {
            case .waiting(let waiting): word = waiting.reason
            case .terminated(let exit):
                word = exit.reason.rawValue
                if exit.reason != .completed { firstError = word }
            case .running: hasRunning = true
            }
        }
        guard word == TerminationReason.completed.rawValue else { return word }
        if hasRunning, isReady { return "Running" }
        return firstError ?? (hasRunning ? "NotReady" : word)
    }
}
