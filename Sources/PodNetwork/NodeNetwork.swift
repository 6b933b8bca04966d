import Linux

/// The network of this node's Pods: one bridge, and per Pod one link and one address.
///
/// What the kernel must allow for it: nothing beyond links and addresses. Node and Pods, and Pods among themselves,
/// meet on the bridge, so `net.ipv4.ip_forward` may be 0; it is needed only for what goes between Pods and the world
/// beyond the node (`PacketFilter`). Where `net.bridge.bridge-nf-call-iptables` is 1 the bridge's frames pass the host's iptables rules, as
/// Kubernetes expects; it matters only on hosts that drop by default in FORWARD.
public struct NodeNetwork: Sendable, Hashable {
    /// The bridge's name.
    public let bridge: String
    /// Where Pods' addresses come from; its first host is the node.
    public let subnet: IPv4Subnet
    /// The id of the state directory that everything made here belongs to.
    public let instance: String

    /// Describes a node's network; makes nothing.
    ///
    /// - Throws: `PodNetworkError` when the kernel would not take the names, or the network is too small.
    public init(bridge: String, subnet: IPv4Subnet, instance: String) throws(PodNetworkError) {
        guard isWord(bridge, upTo: 15), bridge.first != "-", bridge.first != ".", bridge.first != "_" else {
            throw .invalidBridgeName(bridge)
        }
        guard isWord(instance, upTo: 63) else { throw .invalidKey(instance) }
        guard (8...30).contains(subnet.prefix) else { throw .subnetTooSmall(subnet) }
        self.bridge = bridge
        self.subnet = subnet
        self.instance = instance
    }

    /// The node's address on the bridge.
    public var gateway: IPv4Address { subnet.gateway }

    /// The pool that this node's Pods get their addresses from.
    public var pool: AddressPool { AddressPool(subnet) }

    /// A link's mark where the link is ours.
    func mark(of link: NetworkLink) -> LinkMark? { LinkMark(alias: link.alias, instance: instance) }
}

/// Sets a link up, with what `change` says besides, and without an IPv6 address of the kernel's making.
func raising(_ link: LinkReference, _ change: LinkChange = LinkChange(), speaksIPv6: Bool) -> [NetlinkRequest] {
    var change = change
    change.isUp = true
    // A kernel without IPv6 refuses to hear of it.
    return (speaksIPv6 ? [.withoutIPv6Address(link)] : []) + [.change(link, change)]
}

/// True for letters, digits, '-', '_' and '.' alone: what is safe in a name, an alias and a path.
func isWord(_ text: String, upTo limit: Int) -> Bool {
    (1...limit).contains(text.utf8.count)
        && text.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
}
