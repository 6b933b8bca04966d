import CLinux
import Glibc

/// An IPv4 route of the main table, as the kernel describes it.
public struct Route: Sendable, Hashable {
    /// The destination's address, four bytes in network order; zeros for the default route.
    public let destination: [UInt8]
    /// Bits of the destination's prefix; 0 for the default route.
    public let prefix: Int
    /// The next hop, four bytes in network order; nil when the destination is on the link.
    public let gateway: [UInt8]?
    /// The link it leaves by.
    public let link: Int32?

    /// Reads an `RTM_NEWROUTE` message; nil for another family than IPv4 or another table than main.
    public init?(_ message: NetlinkMessage) throws(NetlinkError) {
        var reader = NetlinkReader(message.payload)
        let family = try reader.integer(UInt8.self, of: "a route's family")
        prefix = Int(try reader.integer(UInt8.self, of: "a route's prefix"))
        _ = try reader.take(2, of: "a route's source and service")
        let table = try reader.integer(UInt8.self, of: "a route's table")
        _ = try reader.take(7, of: "a route's flags")
        let attributes = try reader.attributes()
        let destination = Array(attributes[Int(RTA_DST.rawValue)] ?? [0, 0, 0, 0])
        guard family == UInt8(AF_INET), Int(table) == Int(RT_TABLE_MAIN.rawValue), destination.count == 4, prefix <= 32
        else { return nil }
        self.destination = destination
        gateway = attributes[Int(RTA_GATEWAY.rawValue)].map { Array($0) }
        link = attributes.integer(Int(RTA_OIF.rawValue), as: Int32.self)
    }
}

extension NetlinkSocket {
    /// The IPv4 routes of the main table.
    public borrowing func routes() throws(NetlinkError) -> [Route] {
        let request = NetlinkRequest("list routes", type: RTM_GETROUTE, flags: NLM_F_DUMP) {
            // A dump's header must be empty but for what filters it.
            $0.raw([UInt8(AF_INET), 0, 0, 0, UInt8(RT_TABLE_MAIN.rawValue), 0, 0, 0, 0, 0, 0, 0])
        }
        var routes: [Route] = []
        do {
            for message in try query(request) { if let route = try Route(message) { routes.append(route) } }
        } catch {
            // A namespace without a single route has no table yet.
            if error.code != ENOENT { throw error }
        }
        return routes
    }
}

extension NetlinkRequest {
    /// Sends everything without a nearer route to `gateway` (four bytes in network order) through a link; replaces the
    /// default route that was there.
    public static func setDefaultRoute(gateway: [UInt8], link: Int32) -> NetlinkRequest {
        let text = gateway.map { String($0) }.joined(separator: ".")
        let flags = NLM_F_CREATE | NLM_F_REPLACE
        return NetlinkRequest("set default route by \(text)", type: RTM_NEWROUTE, flags: flags) {
            $0.raw([UInt8(AF_INET), 0, 0, 0, UInt8(RT_TABLE_MAIN.rawValue), UInt8(RTPROT_STATIC)])
            $0.raw([UInt8(RT_SCOPE_UNIVERSE.rawValue), UInt8(RTN_UNICAST)])
            $0.integer(UInt32(0))
            $0.attribute(Int(RTA_GATEWAY.rawValue), gateway)
            $0.attribute(Int(RTA_OIF.rawValue), integer: link)
        }
    }
}
