import Glibc
import Linux

/// Something of the node's network that others had changed, and that was put right.
public enum NetworkRepair: Sendable, Hashable, CustomStringConvertible {
    /// The bridge was gone and was made anew.
    case bridgeMade(String)
    /// The bridge was down or without its address.
    case bridgeCompleted(String)
    /// A Pod's link was down or no port of the bridge.
    case reconnected(podKey: String)
    /// The packet filter was gone, or not as it should be, and was written anew.
    case filterWritten

    /// What was wrong, and what was done.
    public var description: String {
        switch self {
        case .bridgeMade(let name): "bridge \(name) was gone and was made anew"
        case .bridgeCompleted(let name): "bridge \(name) was down or without its address and was set up again"
        case .filterWritten: "the node's packet filter was changed by others and was written anew"
        case .reconnected(let pod): "the link of Pod \(pod) was cut off the bridge and was connected again"
        }
    }
}

/// How the node's network stands after it was looked at.
public struct NetworkStanding: Sendable, Hashable {
    /// What was put right; empty when nothing was wrong.
    public var repairs: [NetworkRepair]
    /// The Pods that have a link.
    public var linked: Set<String>
}

extension NodeNetwork {
    /// Looks at the bridge and the Pods' links, and puts right what the node's side alone can: a Pod's addresses and
    /// routes live in its own namespace and do not suffer when the bridge goes.
    ///
    /// - Throws: `PodNetworkError`, for example when somebody else's link has taken the bridge's name.
    public func mend(host: borrowing NetlinkSocket) throws(PodNetworkError) -> NetworkStanding {
        var standing = NetworkStanding(repairs: [], linked: [])
        let (links, addresses) = try explaining("look at bridge \(bridge)") { () throws(NetlinkError) in
            (try host.links(), try host.addresses())
        }
        var bridgeLink = links.first { $0.name == bridge && mark(of: $0) == .bridge }
        if let found = bridgeLink {
            let hasAddress = addresses.contains { $0.link == found.index && $0.bytes == gateway.bytes }
            if !found.isUp || !hasAddress {
                try prepare(host: host)
                standing.repairs.append(.bridgeCompleted(bridge))
            }
        } else {
            try prepare(host: host)
            bridgeLink = try ownBridge(host)
            standing.repairs.append(.bridgeMade(bridge))
        }
        guard let bridgeLink else { throw .noBridge(bridge) }
        for link in links {
            guard case .pod(let key, _) = mark(of: link) else { continue }
            standing.linked.insert(key)
            if link.isUp && link.master == bridgeLink.index { continue }
            // One may go with its namespace while it is looked at.
            if try reconnect(link, to: bridgeLink, host: host) { standing.repairs.append(.reconnected(podKey: key)) }
        }
        return standing
    }

    private func reconnect(
        _ link: NetworkLink, to bridgeLink: NetworkLink, host: borrowing NetlinkSocket
    ) throws(PodNetworkError) -> Bool {
        do {
            let change = LinkChange(master: bridgeLink.index)
            try host.request(raising(.index(link.index), change, speaksIPv6: link.speaksIPv6))
            return true
        } catch {
            if error.code == ENODEV { return false }
            throw .kernel(doing: "connect link \(link.name) to bridge \(bridge) again", error)
        }
    }

    /// Whose affair a change is.
    public enum Concern: Hashable, Sendable {
        /// The bridge lost something.
        case bridge
        /// A Pod's link is gone; that is well when the Pod is to have none.
        case link(podKey: String)
    }

    /// What a change that the kernel tells of means for this network; nil when it means nothing.
    public func concern(of change: LinkMonitor.Change) -> Concern? {
        switch change {
        case .overflow: return .bridge
        case .addressGone(let address): return address.bytes == gateway.bytes ? .bridge : nil
        case .linkDown(let link): return mark(of: link) == .bridge && link.name == bridge ? .bridge : nil
        case .linkGone(let link):
            switch mark(of: link) {
            case .bridge: return link.name == bridge ? .bridge : nil
            case .pod(let key, _): return .link(podKey: key)
            case nil: return nil
            }
        }
    }
}
