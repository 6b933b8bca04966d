import CLinux
import Glibc

/// A socket that waits for whoever calls its port: one that listens, or one of UDP that is connected to nobody.
public struct WaitingSocket: Sendable, Hashable {
    /// The address it waits at, four or sixteen bytes in network order; zeros for every address.
    public let address: [UInt8]
    /// Whether it is one of IPv6 that takes no IPv4.
    public let isIPv6Only: Bool

    /// Reads an answer of `SOCK_DIAG_BY_FAMILY` (sock_diag(7)).
    public init(_ message: NetlinkMessage) throws(NetlinkError) {
        var reader = NetlinkReader(message.payload)
        let family = try reader.integer(UInt8.self, of: "a socket's family")
        _ = try reader.take(3, of: "a socket's state")
        _ = try reader.take(4, of: "a socket's ports")
        let source = try reader.take(16, of: "a socket's address")
        address = Array(source.prefix(Int32(family) == AF_INET ? 4 : 16))
        _ = try reader.take(16 + 12 + 20, of: "a socket's peer and queues")
        isIPv6Only = try reader.attributes().integer(INET_DIAG_SKV6ONLY, as: UInt8.self) == 1
    }
}

extension NetlinkSocket {
    /// A socket for questions about sockets, in the calling thread's network namespace.
    public static func diagnostics() throws(NetlinkError) -> NetlinkSocket {
        let raw: Int32
        do { raw = try retrying("socket(NETLINK_SOCK_DIAG)") { clinux_netlink_diagnostics() } } catch {
            throw .system(error)
        }
        return try NetlinkSocket(adopting: Descriptor(owning: raw))
    }

    /// The sockets that wait at a port. Of a connection that exists nothing is looked at.
    ///
    /// To be asked of a socket for diagnostics.
    ///
    /// - Parameters:
    ///   - transport: `IPPROTO_TCP` or `IPPROTO_UDP`.
    ///   - family: `AF_INET` or `AF_INET6`.
    public borrowing func waitingSockets(
        at port: UInt16, transport: UInt8, family: Int32
    ) throws(NetlinkError) -> [WaitingSocket] {
        // TCP_LISTEN; TCP_CLOSE of one of UDP that is connected to nobody.
        let states = UInt32(1) << (transport == UInt8(IPPROTO_TCP) ? 10 : 7)
        let request = NetlinkRequest("list sockets", type: Int(SOCK_DIAG_BY_FAMILY), flags: NLM_F_DUMP) {
            // struct inet_diag_req_v2
            $0.raw([UInt8(truncatingIfNeeded: family), transport, 0, 0])
            $0.integer(states)
            $0.integer(port.bigEndian)
            $0.raw([UInt8](repeating: 0, count: 46))
        }
        var sockets: [WaitingSocket] = []
        for message in try query(request) { sockets.append(try WaitingSocket(message)) }
        return sockets
    }
}
