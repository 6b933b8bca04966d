import PodModel
import PodNetwork
import Synchronization

/// Who has which address. Made from records and links at every start, so that no crash can leak one.
///
/// An address that was given back is not given away again before its link is gone: the kernel removes links some time
/// after their namespace, and two links of one address would answer for each other.
final class AddressBook: Sendable {
    private struct Entries {
        var owners: [IPv4Address: PodUID] = [:]
        var addresses: [PodUID: IPv4Address] = [:]
        var departing: Set<IPv4Address> = []
        var last: IPv4Address?
    }

    private let pool: AddressPool
    private let entries = Mutex(Entries())

    /// A book over a pool's addresses.
    init(_ pool: AddressPool) { self.pool = pool }

    /// Enters an address that a Pod's record or link says it has. One that is not of this network any more, or is
    /// another Pod's already, is not the Pod's: it will get a new one.
    func note(_ address: IPv4Address, of uid: PodUID) {
        guard pool.subnet.contains(address) else { return }
        entries.withLock { entries in
            if entries.owners[address] != nil || entries.addresses[uid] != nil { return }
            entries.owners[address] = uid
            entries.addresses[uid] = address
        }
    }

    /// Enters an address whose link is still there although no Pod has it any more.
    func noteDeparting(_ address: IPv4Address) { _ = entries.withLock { $0.departing.insert(address) } }

    /// The Pod's address: the one it has, else the next free one; nil when all are in use.
    ///
    /// - Parameter linked: the addresses that links still have; asked for only when no other address is left.
    func take(for uid: PodUID, linked: () throws -> Set<IPv4Address>) rethrows -> IPv4Address? {
        if let address = entries.withLock({ take(for: uid, &$0) }) { return address }
        let linked = try linked()
        return entries.withLock { entries in
            entries.departing.formIntersection(linked)
            return take(for: uid, &entries)
        }
    }

    private func take(for uid: PodUID, _ entries: inout Entries) -> IPv4Address? {
        if let own = entries.addresses[uid] { return own }
        let next = pool.next(after: entries.last) {
            entries.owners[$0] != nil || entries.departing.contains($0)
        }
        guard let next else { return nil }
        entries.owners[next] = uid
        entries.addresses[uid] = next
        entries.last = next
        return next
    }

    /// Gives a Pod's address back. It can be given away again once its link is gone.
    func release(_ uid: PodUID) {
        entries.withLock { entries in
            guard let address = entries.addresses.removeValue(forKey: uid) else { return }
            entries.owners[address] = nil
            entries.departing.insert(address)
        }
    }
}
