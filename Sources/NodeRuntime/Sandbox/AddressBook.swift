import PodModel
import PodNetwork
import Synchronization

/// Who has which address. Made from records and links at every start, so that no crash can leak one.
final class AddressBook: Sendable {
    private struct Entries {
        var owners: [IPv4Address: PodUID] = [:]
        var last: IPv4Address?
    }

    private let pool: AddressPool
    private let entries = Mutex(Entries())

    /// A book over a pool's addresses.
    init(_ pool: AddressPool) { self.pool = pool }

    /// Enters an address that a record or a link says is in use.
    func note(_ address: IPv4Address, of uid: PodUID) { entries.withLock { $0.owners[address] = uid } }

    /// The Pod's address: the one it has, else the next free one; nil when all are in use.
    func take(for uid: PodUID) -> IPv4Address? {
        entries.withLock { entries in
            if let own = entries.owners.first(where: { $0.value == uid })?.key { return own }
            guard let next = pool.next(inUse: Set(entries.owners.keys), after: entries.last) else { return nil }
            entries.owners[next] = uid
            entries.last = next
            return next
        }
    }

    /// Gives a Pod's address back.
    func release(_ uid: PodUID) {
        entries.withLock { entries in entries.owners = entries.owners.filter { $0.value != uid } }
    }
}
