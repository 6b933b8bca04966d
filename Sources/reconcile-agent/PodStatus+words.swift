import PodModel
import Reconciler
import Tables

extension ContainerStatus {
    /// When a container starts again that is held back after crashes, to be written behind why; empty for any other.
    func nextStartWords(now: WallTime) -> String {
        nextStart.map { "; it starts again in \(Age(max(.zero, $0 - now)))" } ?? ""
    }
}

extension PodStatus {
    /// The containers of which something is to be said when a Pod is not well: all, and before them the init containers that
    /// crashed.
    var containersToTell: [ContainerStatus] { initContainers.filter { $0.nextStart != nil } + containers }
}
