import Glibc
import Linux

/// Switches of the kernel without which a node passes nothing on between its Pods and the world.
///
/// They belong to the network namespace of the calling thread.
public enum Forwarding {
    /// Passes on what is for others, between all links of the node: what every router does, and every node of Pods.
    public static let path = "/proc/sys/net/ipv4/ip_forward"

    /// Whether the node passes on; nil where it cannot be seen.
    public static func isOn() -> Bool? {
        guard let file = try? Descriptor.open(path), let bytes = try? file.readToEnd() else { return nil }
        return bytes.first == UInt8(ascii: "1")
    }

    /// Has the node pass on from now on.
    public static func turnOn() throws(SystemError) {
        let file = try Descriptor.open(path, O_WRONLY)
        try file.writeAll("1".utf8)
    }
}

extension NodeNetwork {
    /// Lets the node's own loopback lead to Pods (`route_localnet`), by the bridge alone. What keeps Pods from the node's
    /// loopback then is the packet filter.
    ///
    /// To be called in the node's network namespace.
    public func letLoopbackReachPods() throws(PodNetworkError) {
        do {
            let file = try Descriptor.open("/proc/sys/net/ipv4/conf/\(bridge)/route_localnet", O_RDWR)
            try file.writeAll("1".utf8)
        } catch { throw .loopback(error) }
    }

    /// Lets a Pod reach itself by a port of the node that leads to it: a bridge gives nothing back to where it came from
    /// unless it is told to. Needed only where the bridge's packets pass the node's filters (`bridge-nf-call-iptables`);
    /// else the node, not the bridge, sends them back.
    public func letReachItself(podKey: String, host: borrowing NetlinkSocket) throws(PodNetworkError) {
        guard let link = try ownLink(podKey, host) else { return }
        do { try host.request(.reflect(.index(link.index))) } catch {
            // Gone, or cut off the bridge, in the meantime: whoever connects it again calls this again.
            if error.code == ENODEV || error.code == EOPNOTSUPP { return }
            throw .kernel(doing: "let Pod \(podKey) reach itself by the node", error)
        }
    }
}
