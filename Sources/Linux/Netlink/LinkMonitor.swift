import CLinux
import Glibc

/// Hears of what happens to links and IPv4 addresses of one network namespace.
public struct LinkMonitor: ~Copyable, Sendable {
    /// What happened.
    public enum Change: Hashable, Sendable {
        /// A link was made or changed, and is down now. Of links that are up nothing is told: there are many.
        case linkDown(NetworkLink)
        /// A link is gone.
        case linkGone(NetworkLink)
        /// An IPv4 address was taken off a link.
        case addressGone(InterfaceAddress)
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
        let socket = Descriptor(owning: try retrying("socket(NETLINK_ROUTE)") { clinux_netlink_route() })
        let raw = socket.raw
        let groups = UInt32(RTMGRP_LINK) | UInt32(RTMGRP_IPV4_IFADDR)
        try retrying("bind(netlink)") { clinux_netlink_subscribe(raw, groups) }
        return socket
    }

    /// What happened since the last call. Never waits.
    public borrowing func changes() throws(NetlinkError) -> [Change] {
        var changes: [Change] = []
        while let news = try NetlinkNews.next(from: descriptor) {
            guard case .datagram(let datagram) = news else {
                changes.append(.overflow)
                continue
            }
            for message in try NetlinkMessage.parse(datagram) {
                if let change = try Self.change(message) { changes.append(change) }
            }
        }
        return changes
    }

    private static func change(_ message: NetlinkMessage) throws(NetlinkError) -> Change? {
        switch message.type {
        case Int(RTM_NEWLINK) where message.payload.first == UInt8(AF_UNSPEC):
            try isUp(message) ? nil : .linkDown(try NetworkLink(message))
        case Int(RTM_DELLINK) where message.payload.first == UInt8(AF_UNSPEC): .linkGone(try NetworkLink(message))
        case Int(RTM_DELADDR): try InterfaceAddress(message).map { .addressGone($0) }
        default: nil
        }
    }

    /// The flags alone, of `struct ifinfomsg` (rtnetlink(7)): most messages need not be read any further.
    private static func isUp(_ message: NetlinkMessage) throws(NetlinkError) -> Bool {
        var reader = NetlinkReader(message.payload)
        _ = try reader.take(8, of: "a link's family, type and index")
        return try reader.integer(UInt32.self, of: "a link's flags") & 1 != 0
    }
}
