import CLinux
import Glibc

/// How a request names the link it is about.
public enum LinkReference: Sendable, Hashable, CustomStringConvertible {
    /// By its number, which is never used again while the namespace lives.
    case index(Int32)
    /// By its name.
    case name(String)

    /// For error messages.
    public var description: String {
        switch self {
        case .index(let index): "#\(index)"
        case .name(let name): name
        }
    }
}

/// What to change on a link; nil leaves a property as it is.
public struct LinkChange: Sendable, Hashable {
    /// A new name (the link is named by its index then).
    public var name: String?
    /// The owner's text, at most 255 bytes.
    public var alias: String?
    /// The bridge to make it a port of.
    public var master: Int32?
    /// True sets it up.
    public var isUp: Bool?

    /// Describes a change.
    public init(
        name: String? = nil, alias: String? = nil, master: Int32? = nil, isUp: Bool? = nil
    ) {
        self.name = name
        self.alias = alias
        self.master = master
        self.isUp = isUp
    }
}

extension NetlinkRequest {
    /// A bridge without spanning tree, whose ports forward at once. Its MAC address, set here, no longer follows its
    /// ports as they come and go.
    public static func createBridge(_ name: String, hardwareAddress: [UInt8]) -> NetlinkRequest {
        NetlinkRequest("create bridge \(name)", type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL) {
            $0.linkHeader(index: 0)
            $0.attribute(IFLA_IFNAME, text: name)
            $0.attribute(IFLA_ADDRESS, hardwareAddress)
            $0.nested(IFLA_LINKINFO) {
                $0.attribute(IFLA_INFO_KIND, text: "bridge")
                $0.nested(IFLA_INFO_DATA) {
                    $0.attribute(IFLA_BR_STP_STATE, integer: UInt32(0))
                    $0.attribute(IFLA_BR_FORWARD_DELAY, integer: UInt32(0))
                }
            }
        }
    }

    /// A veth pair whose other end is born inside another network namespace.
    ///
    /// - Parameter namespace: a descriptor of that namespace, open while the request is sent.
    public static func createVeth(
        _ name: String, peer: String, peerHardwareAddress: [UInt8], inside namespace: Int32
    ) -> NetlinkRequest {
        NetlinkRequest("create veth \(name)", type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL) {
            $0.linkHeader(index: 0)
            $0.attribute(IFLA_IFNAME, text: name)
            $0.nested(IFLA_LINKINFO) {
                $0.attribute(IFLA_INFO_KIND, text: "veth")
                $0.nested(IFLA_INFO_DATA) {
                    $0.nested(VETH_INFO_PEER) {
                        $0.linkHeader(index: 0)
                        $0.attribute(IFLA_IFNAME, text: peer)
                        $0.attribute(IFLA_ADDRESS, peerHardwareAddress)
                        $0.attribute(IFLA_NET_NS_FD, integer: namespace)
                    }
                }
            }
        }
    }

    /// Changes a link that exists.
    public static func change(_ link: LinkReference, _ change: LinkChange) -> NetlinkRequest {
        NetlinkRequest("change link \(link)", type: RTM_SETLINK) {
            let up: UInt32 = 1
            $0.linkHeader(
                index: link.headerIndex, flags: change.isUp == true ? up : 0, change: change.isUp == nil ? 0 : up)
            if let name = link.headerName ?? change.name { $0.attribute(IFLA_IFNAME, text: name) }
            if let alias = change.alias { $0.attribute(IFLA_IFALIAS, alias.utf8) }
            if let master = change.master { $0.attribute(IFLA_MASTER, integer: master) }
        }
    }

    /// Lets the kernel give a link no IPv6 link-local address, hence no duplicate address detection either. A request
    /// of its own, to be sent before the link goes up: within one request the kernel sets it up first.
    public static func withoutIPv6Address(_ link: LinkReference) -> NetlinkRequest {
        NetlinkRequest("keep link \(link) free of IPv6 addresses", type: RTM_SETLINK) {
            $0.linkHeader(index: link.headerIndex)
            if let name = link.headerName { $0.attribute(IFLA_IFNAME, text: name) }
            $0.nested(IFLA_AF_SPEC) {
                $0.nested(Int(AF_INET6)) {
                    $0.attribute(IFLA_INET6_ADDR_GEN_MODE, integer: UInt8(IN6_ADDR_GEN_MODE_NONE.rawValue))
                }
            }
        }
    }

    /// Has a bridge give frames back to the port they came from, where they are for it (hairpin mode).
    public static func reflect(_ link: LinkReference) -> NetlinkRequest {
        // RTM_SETLINK passes over what is said of a port.
        NetlinkRequest("let link \(link) hear itself", type: RTM_NEWLINK) {
            $0.linkHeader(index: link.headerIndex)
            if let name = link.headerName { $0.attribute(IFLA_IFNAME, text: name) }
            $0.nested(IFLA_LINKINFO) {
                $0.attribute(IFLA_INFO_SLAVE_KIND, text: "bridge")
                $0.nested(IFLA_INFO_SLAVE_DATA) { $0.attribute(IFLA_BRPORT_MODE, integer: UInt8(1)) }
            }
        }
    }

    /// Deletes a link, and with it the other end of a pair. Waits for the kernel's readers: tens of milliseconds.
    public static func delete(_ link: LinkReference) -> NetlinkRequest {
        NetlinkRequest("delete link \(link)", type: RTM_DELLINK) {
            $0.linkHeader(index: link.headerIndex)
            if let name = link.headerName { $0.attribute(IFLA_IFNAME, text: name) }
        }
    }
}

extension LinkReference {
    fileprivate var headerIndex: Int32 { if case .index(let index) = self { index } else { 0 } }
    fileprivate var headerName: String? { if case .name(let name) = self { name } else { nil } }
}
