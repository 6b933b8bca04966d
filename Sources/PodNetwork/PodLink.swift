import Glibc
import Linux

/// The node's end of a Pod's link.
public struct PodLink: Sendable, Hashable {
    /// The Pod's UID.
    public let podKey: String
    /// The Pod's address: in use as long as this link is there.
    public let address: IPv4Address
    /// The link's name on the node.
    public let name: String
    /// The link's number on the node.
    public let index: Int32
}

extension NodeNetwork {
    /// The Pods' links that are ours, by their mark alone.
    public func links(host: borrowing NetlinkSocket) throws(PodNetworkError) -> [PodLink] {
        let all = try explaining("list the Pods' links") { () throws(NetlinkError) in try host.links() }
        return all.compactMap(podLink)
    }

    /// Removes a Pod's link, where its namespace did not take it along; does nothing when it is gone. Waits for the
    /// kernel's readers: tens of milliseconds.
    public func remove(podKey: String, host: borrowing NetlinkSocket) throws(PodNetworkError) {
        guard let link = try ownLink(podKey, host) else { return }
        try explaining("remove the link of Pod \(podKey)") { () throws(NetlinkError) in
            try host.deleteIfPresent(.index(link.index))
        }
    }

    /// The Pod's link on the node; nil when there is none.
    ///
    /// - Throws: `PodNetworkError.foreignLink` when somebody else's link has its name.
    func ownLink(_ podKey: String, _ host: borrowing NetlinkSocket) throws(PodNetworkError) -> PodLink? {
        guard isWord(podKey, upTo: 63) else { throw .invalidKey(podKey) }
        let name = DerivedName.podLink(podKey, instance: instance)
        let found = try explaining("look for the link of Pod \(podKey)") { () throws(NetlinkError) in
            try host.link(named: name)
        }
        guard let found else { return nil }
        guard let link = podLink(found), link.podKey == podKey else {
            throw .foreignLink(name: name, alias: found.alias)
        }
        return link
    }

    private func podLink(_ link: NetworkLink) -> PodLink? {
        guard case .pod(let key, let address) = mark(of: link) else { return nil }
        return PodLink(podKey: key, address: address, name: link.name, index: link.index)
    }
}

extension NetlinkSocket {
    /// Deletes a link, unless it went in the meantime, with its namespace for example.
    borrowing func deleteIfPresent(_ link: LinkReference) throws(NetlinkError) {
        do { try request(.delete(link)) } catch { if error.code != ENODEV { throw error } }
    }
}
