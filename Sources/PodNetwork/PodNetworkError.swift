import Linux

/// Why a Pod or the node has no network.
public enum PodNetworkError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A bridge name the kernel would not take.
    case invalidBridgeName(String)
    /// An instance id or Pod key that cannot be part of a link's alias.
    case invalidKey(String)
    /// A network without room for a gateway and a Pod.
    case subnetTooSmall(IPv4Subnet)
    /// A link of this name exists and does not carry our mark.
    case foreignLink(name: String, alias: String?)
    /// The bridge is ours, with another network's address on it.
    case bridgeHasOtherAddress(bridge: String, found: [String], wanted: String)
    /// The host uses addresses of our network for something else.
    case subnetInUse(IPv4Subnet, by: IPv4Subnet, link: String)
    /// The bridge is not there.
    case noBridge(String)
    /// The Pod's namespace has an `eth0` that is not the other end of the Pod's link.
    case foreignInterface(pod: String, name: String)
    /// The Pod's link was made for another address.
    case otherAddress(pod: String, found: IPv4Address, wanted: IPv4Address)
    /// The kernel refused.
    case kernel(doing: String, NetlinkError)
    /// A kernel setting could not be written.
    case setting(SystemError)
    /// The node's loopback could not be led to Pods.
    case loopback(SystemError)

    /// A sentence that says what, where, why and what to do.
    public var description: String {
        switch self {
        case .invalidBridgeName(let name):
            return "\"\(name)\" cannot name a bridge: use --bridge with 1 to 15 letters, digits, '-', '_' or '.', "
                + "the first one a letter or digit"
        case .invalidKey(let key):
            return "\"\(key)\" cannot mark a link: use 1 to 63 letters, digits, '-', '_' or '.'"
        case .subnetTooSmall(let subnet):
            return "the Pod network \(subnet) has no room for a gateway and a Pod: "
                + "use --pod-cidr with a prefix from /8 to /30"
        case .foreignLink(let name, let alias):
            return
                "link \(name) exists and is not ours (\(alias.map { "its alias is \"\($0)\"" } ?? "it has no alias"))"
                + ": choose another name with --bridge, or delete it if nothing uses it (ip link delete \(name))"
        case .bridgeHasOtherAddress(let bridge, let found, let wanted):
            return "bridge \(bridge) has address \(found.joined(separator: ", ")) where \(wanted) is wanted: "
                + "stop this node's Pods with \"reconcile-agent down\" before changing --pod-cidr"
        case .subnetInUse(let subnet, let other, let link):
            return "the Pod network \(subnet) overlaps \(other), which this host reaches by \(link): "
                + "choose a free network with --pod-cidr"
        case .noBridge(let name):
            return "bridge \(name) is not there: it was deleted after this node's network had been prepared"
        case .foreignInterface(let pod, let name):
            return "the network namespace of Pod \(pod) has a link \(name) that is not the Pod's own: "
                + "its sandbox must be made anew"
        case .otherAddress(let pod, let found, let wanted):
            return "the link of Pod \(pod) was made for address \(found) and not for \(wanted): "
                + "its sandbox must be made anew"
        case .kernel(let doing, let error): return "cannot \(doing): \(error)"
        case .loopback(let error): return "published ports cannot be reached by the node's loopback: \(error)"
        case .setting(let error): return "cannot protect the bridge from router advertisements of Pods: \(error)"
        }
    }
}

/// Runs `body`, saying what it was for where the kernel refuses.
func explaining<Result>(
    _ doing: @autoclosure () -> String, _ body: () throws(NetlinkError) -> Result
) throws(PodNetworkError) -> Result {
    do { return try body() } catch { throw .kernel(doing: doing(), error) }
}
