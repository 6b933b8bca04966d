import CLinux
import Glibc

/// A network link as the kernel describes it.
public struct NetworkLink: Sendable, Hashable {
    /// The number by which its namespace knows it.
    public let index: Int32
    /// `eth0`, for example.
    public let name: String
    /// The free text an owner may put on a link (`IFLA_IFALIAS`).
    public let alias: String?
    /// `bridge`, `veth`, …; nil for hardware.
    public let kind: String?
    /// True when it was set up (`IFF_UP`); says nothing about a carrier.
    public let isUp: Bool
    /// The bridge it is a port of.
    public let master: Int32?
    /// The index of its other end, in the other end's namespace (veth).
    public let peer: Int32?
    /// Its MAC address.
    public let hardwareAddress: [UInt8]
    /// True when IPv6 is there for this link.
    public let speaksIPv6: Bool

    /// Reads an `RTM_NEWLINK` message.
    public init(_ message: NetlinkMessage) throws(NetlinkError) {
        var reader = NetlinkReader(message.payload)
        _ = try reader.take(4, of: "a link's family and type")
        index = try reader.integer(Int32.self, of: "a link's index")
        isUp = try reader.integer(UInt32.self, of: "a link's flags") & 1 != 0
        _ = try reader.take(4, of: "a link's change mask")
        let attributes = try reader.attributes()
        guard let name = attributes.text(IFLA_IFNAME) else { throw .malformed("a link without a name") }
        self.name = name
        alias = attributes.text(IFLA_IFALIAS)
        kind = try attributes.nested(IFLA_LINKINFO).text(IFLA_INFO_KIND)
        master = attributes.integer(IFLA_MASTER, as: Int32.self)
        peer = attributes.integer(IFLA_LINK, as: Int32.self)
        hardwareAddress = Array(attributes[IFLA_ADDRESS] ?? [])
        speaksIPv6 = try attributes.nested(IFLA_AF_SPEC)[Int(AF_INET6)] != nil
    }
}

extension NetlinkSocket {
    /// The link of a name; nil when there is none.
    public borrowing func link(named name: String) throws(NetlinkError) -> NetworkLink? {
        let request = NetlinkRequest("look up link \(name)", type: RTM_GETLINK) {
            $0.linkHeader(index: 0)
            $0.attribute(IFLA_IFNAME, text: name)
        }
        do {
            guard let message = try query(request).first else { return nil }
            return try NetworkLink(message)
        } catch {
            if error.code == ENODEV { return nil }
            throw error
        }
    }

    /// All links of the namespace.
    public borrowing func links() throws(NetlinkError) -> [NetworkLink] {
        let request = NetlinkRequest("list links", type: RTM_GETLINK, flags: NLM_F_DUMP) {
            $0.linkHeader(index: 0)
            $0.attribute(IFLA_EXT_MASK, integer: UInt32(RTEXT_FILTER_SKIP_STATS))
        }
        var links: [NetworkLink] = []
        for message in try query(request) { links.append(try NetworkLink(message)) }
        return links
    }
}

extension NetlinkWriter {
    /// `struct ifinfomsg` (rtnetlink(7)).
    mutating func linkHeader(index: Int32, flags: UInt32 = 0, change: UInt32 = 0) {
        integer(UInt8(AF_UNSPEC))
        integer(UInt8(0))
        integer(UInt16(0))
        integer(index)
        integer(flags)
        integer(change)
    }
}
