import Glibc
import Linux

/// The packet filter of a node at work: what is published, and the table that says so to the kernel.
///
/// The kernel's table stays when the agent dies; its successor writes it anew from what it knows of its Pods, in one
/// transaction.
public struct NodeFilter: ~Copyable, Sendable {
    /// What is in the table.
    public let filter: PacketFilter
    private let socket: NetlinkSocket

    /// Opens what the filter is written by, in the calling thread's network namespace.
    public init(_ filter: PacketFilter) throws(PodNetworkError) {
        self.filter = filter
        do { socket = try .netfilter() } catch { throw .kernel(doing: "reach the packet filter", error) }
    }

    /// The port under which the kernel tells of our own changes.
    public var port: UInt32 { socket.port }

    /// Writes the whole table.
    public borrowing func write(_ ports: [PublishedPort]) throws(PodNetworkError) {
        try explaining("set up the packet filter") { () throws(NetlinkError) in
            try socket.transact(filter.writing(ports))
        }
    }

    /// Changes what is published to these ports and no others. Connections go on as they began: see `forget`.
    public borrowing func replace(by ports: [PublishedPort]) throws(PodNetworkError) {
        do { try socket.transact(filter.replacing(ports)) } catch {
            guard error.code == ENOENT else { throw .kernel(doing: "publish ports", error) }
            // Deleted by others a moment ago.
            try write(ports)
        }
    }

    /// Removes the table; does nothing when there is none.
    public borrowing func remove() throws(PodNetworkError) {
        do { try socket.transact([filter.removal]) } catch {
            if error.code != ENOENT { throw .kernel(doing: "remove the packet filter", error) }
        }
    }

    /// Forgets connections of UDP that lead elsewhere than new ones would (`TrackedFlow.isStale`).
    ///
    /// - Parameters:
    ///   - changed: the ports about which something changed.
    ///   - ports: all that is published.
    public borrowing func forget(_ changed: [NodePort], now ports: [PublishedPort]) throws(PodNetworkError) {
        let changed = changed.filter { $0.transport == .udp }
        if changed.isEmpty { return }
        try explaining("forget connections to published ports") { () throws(NetlinkError) in
            try forgetFlows(to: changed, now: ports)
        }
    }

    private borrowing func forgetFlows(to changed: [NodePort], now ports: [PublishedPort]) throws(NetlinkError) {
        let addresses = Set(try NetlinkSocket().addresses().map { IPv4Address($0.bytes) })
        for port in changed {
            let target = ports.first { $0.port == port }
            for flow in try socket.trackedFlows(to: port.number, transport: port.transport.rawValue)
            where flow.isStale(for: port, leadingTo: target, addresses: addresses) {
                // It may have ended in the meantime.
                do { try socket.request(flow.forgetting) } catch { if error.code != ENOENT { throw error } }
            }
        }
    }
}

extension NodeNetwork {
    /// Makes a packet filter in the calling thread's network namespace, to see whether the kernel can; it is left there.
    public static func tryFilter() throws(PodNetworkError) {
        guard let subnet = IPv4Subnet("10.88.0.0/24") else { return }
        let network = try NodeNetwork(bridge: "doctor0", subnet: subnet, instance: "doctor")
        let port = PublishedPort(NodePort(.tcp, 80), to: subnet.gateway, 80, owner: "doctor")
        try NodeFilter(PacketFilter(of: network, masquerades: true)).write([port])
    }
}
