import Linux

/// What a Pod has received and sent since its link was made. One on the node's network has no link of its own.
public struct PodTraffic: Sendable, Hashable {
    /// Bytes.
    public let received: UInt64
    /// Bytes.
    public let sent: UInt64

    /// The traffic of every Pod of an instance, by UID: counted at the node's ends of the links, where a Pod's bytes go
    /// the other way.
    ///
    /// - Parameter host: a socket of the node's network namespace.
    public static func all(
        of instance: String, host: borrowing NetlinkSocket
    ) throws(PodNetworkError) -> [String: PodTraffic] {
        let links = try explaining("count what the Pods' links carry") { () throws(NetlinkError) in try host.traffic() }
        var traffic: [String: PodTraffic] = [:]
        for link in links {
            guard case .pod(let key, _) = LinkMark(alias: link.link.alias, instance: instance) else { continue }
            traffic[key] = PodTraffic(received: link.sent, sent: link.received)
        }
        return traffic
    }
}
