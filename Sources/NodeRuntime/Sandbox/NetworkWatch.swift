import Linux
import PodNetwork
import Synchronization

/// Notices when others change the node's network behind the agent's back: the kernel tells of links and addresses.
final class NetworkWatch: Sendable {
    private let monitor: LinkMonitor
    private let isDue = Mutex(true)

    /// Listens in the calling thread's network namespace. Nothing is heard before `begin`.
    init() throws(NetlinkError) { monitor = try LinkMonitor() }

    /// Calls `suspect` once for each time that something may be wrong, until `takeDue` was called.
    ///
    /// - Parameters:
    ///   - expectsLink: whether a Pod of this key is to have a link.
    ///   - suspect: called on the poller's thread.
    func begin(
        _ poller: Poller, of network: NodeNetwork, expectsLink: @escaping @Sendable (_ podKey: String) -> Bool,
        suspect: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        _ = try poller.add(monitor.descriptor.raw) { [weak self] in
            self?.hear(network, expectsLink, suspect)
        }
    }

    /// Whether the network is to be looked at; from now on only if something happens again.
    func takeDue() -> Bool {
        isDue.withLock { isDue in
            defer { isDue = false }
            return isDue
        }
    }

    /// Has the network looked at next time.
    func setDue() { isDue.withLock { $0 = true } }

    private func hear(_ network: NodeNetwork, _ expectsLink: (String) -> Bool, _ suspect: () -> Void) {
        // What cannot be read is looked at instead.
        let changes = (try? monitor.changes()) ?? [.overflow]
        let isSuspicious = changes.contains { change in
            switch network.concern(of: change) {
            case .bridge: true
            case .link(let key): expectsLink(key)
            case nil: false
            }
        }
        guard isSuspicious else { return }
        let isNews = isDue.withLock { isDue in
            defer { isDue = true }
            return !isDue
        }
        if isNews { suspect() }
    }
}
