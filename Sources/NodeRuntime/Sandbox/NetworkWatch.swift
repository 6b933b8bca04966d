import Linux
import PodNetwork
import Synchronization

/// Notices when others change the node's network behind the agent's back: the kernel tells of links, addresses and the
/// packet filter.
final class NetworkWatch: Sendable {
    /// What is to be looked at.
    struct Due: Sendable {
        /// The bridge and the Pods' links.
        var links: Bool
        /// The packet filter.
        var filter: Bool
    }

    private let monitor: LinkMonitor
    private let filterMonitor: FilterMonitor?
    private let due = Mutex(Due(links: true, filter: false))

    /// Listens in the calling thread's network namespace. Nothing is heard before `begin`.
    init() throws(NetlinkError) {
        monitor = try LinkMonitor()
        // A kernel without nf_tables has nothing to tell of them.
        filterMonitor = try? FilterMonitor()
    }

    /// Calls `suspect` once for each time that something may be wrong, until `takeDue` was called.
    ///
    /// - Parameters:
    ///   - expectsLink: whether a Pod of this key is to have a link.
    ///   - isFiltered: whether a change of the packet filter is one of ours, by somebody else.
    ///   - suspect: called on the poller's thread.
    func begin(
        _ poller: Poller, of network: NodeNetwork, expectsLink: @escaping @Sendable (_ podKey: String) -> Bool,
        isFiltered: @escaping @Sendable (FilterMonitor.Change) -> Bool, suspect: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        _ = try poller.add(monitor.descriptor.raw) { [weak self] in
            self?.hear(network, expectsLink, suspect)
        }
        guard let raw = rawFilterMonitor else { return }
        _ = try poller.add(raw) { [weak self] in self?.hearFilter(isFiltered, suspect) }
    }

    /// What is to be looked at; from now on only if something happens again.
    func takeDue() -> Due {
        due.withLock { due in
            defer { due = Due(links: false, filter: false) }
            return due
        }
    }

    /// Has something looked at next time.
    func setDue(_ again: Due) {
        due.withLock { due in
            due.links = due.links || again.links
            due.filter = due.filter || again.filter
        }
    }

    private var rawFilterMonitor: Int32? {
        switch filterMonitor {
        case .some(let monitor): monitor.descriptor.raw
        case .none: nil
        }
    }

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
        if isSuspicious { note(Due(links: true, filter: false), suspect) }
    }

    private func hearFilter(_ isFiltered: (FilterMonitor.Change) -> Bool, _ suspect: () -> Void) {
        let changes: Set<FilterMonitor.Change>
        switch filterMonitor {
        case .some(let monitor): changes = (try? monitor.changes()) ?? [.overflow]
        case .none: return
        }
        if changes.contains(where: isFiltered) { note(Due(links: false, filter: true), suspect) }
    }

    private func note(_ what: Due, _ suspect: () -> Void) {
        let isNews = due.withLock { due in
            let before = due
            due.links = due.links || what.links
            due.filter = due.filter || what.filter
            return before.links != due.links || before.filter != due.filter
        }
        if isNews { suspect() }
    }
}
