import Linux
import Logging
import Manifests
import PodModel
import PodNetwork
import Synchronization

/// The ports of the node that lead to its Pods. What is kept here follows from the Pods' records; what the kernel keeps
/// works on without an agent.
///
/// Calls block, on the kernel's locks alone, and follow one another.
final class HostPorts: Sendable {
    private struct Entry {
        let owner: PodUID
        let published: PublishedPort
    }

    private let filter: NodeFilter
    private let log: Logger
    private let entries = Mutex<[NodePort: Entry]>([:])

    /// Opens what they are published by, in the calling thread's network namespace.
    init(_ filter: PacketFilter, log: Logger) throws(PodNetworkError) {
        self.filter = try NodeFilter(filter)
        self.log = log
    }

    /// The Pods that have published ports.
    var owners: Set<PodUID> { entries.withLock { Set($0.values.map(\.owner)) } }

    /// Whether a table is ours, and its change somebody else's.
    func isChanged(_ table: String, by author: UInt32) -> Bool {
        table == filter.filter.table && author != filter.port
    }

    /// Enters what is published already, without telling the kernel.
    func note(_ ports: [PublishedPort], of uid: PodUID) {
        entries.withLock { entries in
            for port in ports { entries[port.port] = Entry(owner: uid, published: port) }
        }
    }

    /// Has the kernel know all of it, in place of whatever it knew.
    func write() throws(PodNetworkError) {
        try entries.withLock { (entries) throws(PodNetworkError) in
            try filter.write(entries.values.map(\.published))
        }
    }

    /// Leads ports of the node to a Pod, those of a Pod that has ended included.
    func publish(_ ports: [PublishedPort], of uid: PodUID) throws(PodNetworkError) {
        try change { entries in
            for port in ports { entries[port.port] = Entry(owner: uid, published: port) }
            return ports.map(\.port)
        }
    }

    /// Leads nothing to a Pod any more.
    func withdraw(_ uid: PodUID) throws(PodNetworkError) {
        try change { entries in
            let own = entries.filter { $0.value.owner == uid }.map(\.key)
            for port in own { entries[port] = nil }
            return own
        }
    }

    /// Removes all that the kernel was told.
    func remove() throws(PodNetworkError) { try filter.remove() }

    /// What the kernel does not take is not entered either.
    private func change(_ body: (inout [NodePort: Entry]) -> [NodePort]) throws(PodNetworkError) {
        try entries.withLock { (entries) throws(PodNetworkError) in
            var next = entries
            let changed = body(&next)
            if changed.isEmpty { return }
            let ports = next.values.map(\.published)
            try filter.replace(by: ports)
            entries = next
            do { try filter.forget(changed, now: ports) } catch {
                // Such as a kernel that tracks connections and does not tell of them: they end by themselves.
                log.warning("connections to changed ports go on as they began", metadata: ["error": "\(error)"])
            }
        }
    }
}

extension PodRecord {
    /// The ports of the node that lead, or are to lead, to the Pod at an address; none in the node's own network.
    func publishedPorts(at address: IPv4Address) -> [PublishedPort] {
        let pod = accepted.pod
        if pod.isOnHostNetwork { return [] }
        return pod.spec.hostPorts.compactMap { port in
            guard let number = UInt16(exactly: port.port), let target = UInt16(exactly: port.containerPort) else {
                return nil
            }
            return PublishedPort(
                NodePort(port.protocol == .tcp ? .tcp : .udp, number, of: port.address.flatMap { IPv4Address($0) }),
                to: address, target, owner: "\(accepted.name)")
        }
    }

    /// Those of a Pod that an earlier agent left: with a sandbox of this boot.
    func publishedPorts(in boot: BootID) -> [PublishedPort] {
        guard bootID == boot, sandbox != nil, let address = address.flatMap({ IPv4Address($0) }) else { return [] }
        return publishedPorts(at: address)
    }
}
