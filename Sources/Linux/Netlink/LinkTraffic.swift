import CLinux
import Glibc

/// What a link has carried since it was made, as its namespace counts it.
public struct LinkTraffic: Sendable, Hashable {
    /// The link.
    public let link: NetworkLink
    /// Bytes that came in over it.
    public let received: UInt64
    /// Bytes that went out over it.
    public let sent: UInt64

    /// Reads an `RTM_NEWLINK` message; nil when it carries no counters.
    public init?(_ message: NetlinkMessage) throws(NetlinkError) {
        var reader = NetlinkReader(message.payload)
        _ = try reader.take(16, of: "a link's header")
        guard let payload = try reader.attributes()[Int(IFLA_STATS64)] else { return nil }
        // struct rtnl_link_stats64: packets in and out, bytes in and out, …
        var counters = NetlinkReader(payload)
        _ = try counters.take(16, of: "a link's packets")
        received = try counters.integer(UInt64.self, of: "a link's bytes in")
        sent = try counters.integer(UInt64.self, of: "a link's bytes out")
        link = try NetworkLink(message)
    }
}

extension NetlinkSocket {
    /// All links of the namespace, with what they have carried.
    public borrowing func traffic() throws(NetlinkError) -> [LinkTraffic] {
        let request = NetlinkRequest("count what links carry", type: RTM_GETLINK, flags: NLM_F_DUMP) {
            $0.linkHeader(index: 0)
        }
        var traffic: [LinkTraffic] = []
        for message in try query(request) { if let counted = try LinkTraffic(message) { traffic.append(counted) } }
        return traffic
    }
}
