import CLinux
import Glibc

/// Hears of what happens to the nf_tables of one network namespace.
public struct FilterMonitor: ~Copyable, Sendable {
    /// What happened.
    public enum Change: Hashable, Sendable {
        /// Something was made in a table, or taken out of it.
        ///
        /// - Parameters:
        ///   - table: its name.
        ///   - author: the port of the socket that asked for it.
        case table(String, author: UInt32)
        /// More happened than could be told: everything is to be looked at.
        case overflow
    }

    /// Readable when something happened.
    public let descriptor: Descriptor

    /// Listens from now on, in the calling thread's network namespace.
    public init() throws(NetlinkError) {
        do { descriptor = try Self.subscribed() } catch { throw .system(error) }
    }

    private static func subscribed() throws(SystemError) -> Descriptor {
        let socket = Descriptor(
            owning: try retrying("socket(NETLINK_NETFILTER)") { clinux_netlink_netfilter() })
        let raw = socket.raw
        try retrying("setsockopt(NETLINK_ADD_MEMBERSHIP)") {
            clinux_netlink_join(raw, Int32(NFNLGRP_NFTABLES.rawValue))
        }
        return socket
    }

    /// What happened since the last call. Never waits.
    public borrowing func changes() throws(NetlinkError) -> Set<Change> {
        var changes: Set<Change> = []
        while let news = try NetlinkNews.next(from: descriptor) {
            guard case .datagram(let datagram) = news else {
                changes.insert(.overflow)
                continue
            }
            for message in try NetlinkMessage.parse(datagram) {
                if let change = try Self.change(message) { changes.insert(change) }
            }
        }
        return changes
    }

    /// The name of its table is the first attribute of whatever is told of, but of a generation.
    private static func change(_ message: NetlinkMessage) throws(NetlinkError) -> Change? {
        guard message.type >> 8 == Int(NFNL_SUBSYS_NFTABLES),
            message.type & 0xff != Int(NFT_MSG_NEWGEN.rawValue)
        else { return nil }
        var reader = NetlinkReader(message.payload)
        _ = try reader.take(4, of: "a table's family")
        guard let name = try reader.attributes().text(Int(NFTA_TABLE_NAME.rawValue)) else { return nil }
        return .table(name, author: message.port)
    }
}
