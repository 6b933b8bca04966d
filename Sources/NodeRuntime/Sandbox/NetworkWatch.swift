import Linux
import PodNetwork
import Synchronization

/// Notices when others change the node's network behind the agent's back: the kernel tells of links, addresses and the
/// packet filter.
final class NetworkWatch: Sendable {
    /// What is to be looked at.
    struct Due: Hashable, Sendable {
        /// The bridge and the Pods' links.
        var links: Bool
        /// The packet filter, which others have changed.
        var filter: Bool
        /// The packet filter, which others may have changed.
        var doubtfulFilter: Bool

        init(links: Bool = false, filter: Bool = false, doubtfulFilter: Bool = false) {
            self.links = links
            self.filter = filter
            self.doubtfulFilter = doubtfulFilter
        }

        /// Both.
        func joined(_ other: Due) -> Due {
            Due(
                links: links || other.links, filter: filter || other.filter,
                doubtfulFilter: doubtfulFilter || other.doubtfulFilter)
        }
    }

    private let monitor: LinkMonitor
    private let filterMonitor: FilterMonitor?
    private let due = Mutex(Due(links: true))

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
    ///   - isFilter: whether a table is the node's packet filter, and the port of its change's author not its own.
    ///   - suspect: called on the poller's thread.
    func begin(
        _ poller: Poller, of network: NodeNetwork, expectsLink: @escaping @Sendable (_ podKey: String) -> Bool,
        isFilter: @escaping @Sendable (_ table: String, _ author: UInt32) -> Bool,
        suspect: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        _ = try poller.add(monitor.descriptor.raw) { [weak self] in
            self?.hear(network, expectsLink, suspect)
        }
        guard let raw = rawFilterMonitor else { return }
        _ = try poller.add(raw) { [weak self] in self?.hearFilter(isFilter, suspect) }
    }

    /// What is to be looked at; from now on only if something happens again.
    func takeDue() -> Due {
        due.withLock { due in
            defer { due = Due() }
            return due
        }
    }

    /// Has something looked at next time.
    func setDue(_ again: Due) {
        due.withLock { $0 = $0.joined(again) }
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
        if isSuspicious { note(Due(links: true), suspect) }
    }

    private func hearFilter(_ isFilter: (String, UInt32) -> Bool, _ suspect: () -> Void) {
        let changes: Set<FilterMonitor.Change>
        switch filterMonitor {
        case .some(let monitor): changes = (try? monitor.changes()) ?? [.overflow]
        case .none: return
        }
        let what = changes.map { change in
            switch change {
            case .overflow: Due(doubtfulFilter: true)
            case .table(let table, let author): Due(filter: isFilter(table, author))
            }
        }
        note(what.reduce(Due()) { $0.joined($1) }, suspect)
    }

    private func note(_ what: Due, _ suspect: () -> Void) {
        let isNews = due.withLock { due in
            defer { due = due.joined(what) }
            return due.joined(what) != due
        }
        if isNews { suspect() }
    }
}
