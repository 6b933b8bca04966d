import Glibc
import Linux

extension NodeNetwork {
    /// Makes the bridge, or completes what an interrupted call left: marked as ours, the gateway's address on it, up.
    ///
    /// - Parameter host: a socket of the node's network namespace, in which the calling thread runs too.
    /// - Throws: `PodNetworkError` when the name belongs to somebody else's link, the network to somebody else's
    ///   addresses or routes, or the kernel refuses.
    public func prepare(host: borrowing NetlinkSocket) throws(PodNetworkError) {
        let existing = try refuseForeignNetworks(host: host)
        if existing == nil { try removeUnfinishedBridge(host) }
        let link: NetworkLink
        if let existing { link = existing } else { link = try makeBridge(host) }
        try ignoreRouterAdvertisements()
        let address = NetlinkRequest.addAddress(
            gateway.bytes, prefix: subnet.prefix, broadcast: subnet.broadcast.bytes, link: link.index)
        try explaining("set up bridge \(bridge)") { () throws(NetlinkError) in
            try host.request([address] + raising(.index(link.index), speaksIPv6: link.speaksIPv6))
        }
    }

    /// Looks whether `prepare` would meet somebody else's link, addresses or routes; makes nothing.
    ///
    /// - Returns: the bridge, if it is there.
    @discardableResult
    public func refuseForeignNetworks(host: borrowing NetlinkSocket) throws(PodNetworkError) -> NetworkLink? {
        let existing = try ownBridge(host)
        try refuseOverlaps(host, with: existing)
        return existing
    }

    /// Removes the bridge where it is ours; does nothing when it is gone. Links of Pods go with their namespaces.
    public func teardown(host: borrowing NetlinkSocket) throws(PodNetworkError) {
        guard let link = try ownBridge(host) else { return }
        try explaining("remove bridge \(bridge)") { () throws(NetlinkError) in
            try host.request(.delete(.index(link.index)))
        }
    }

    /// The bridge; nil when no link has its name.
    ///
    /// - Throws: `PodNetworkError.foreignLink` when the link of that name is not our bridge.
    func ownBridge(_ host: borrowing NetlinkSocket) throws(PodNetworkError) -> NetworkLink? {
        let found = try explaining("look for bridge \(bridge)") { () throws(NetlinkError) in
            try host.link(named: bridge)
        }
        guard let found else { return nil }
        guard found.kind == "bridge", mark(of: found) == .bridge else {
            throw .foreignLink(name: bridge, alias: found.alias)
        }
        return found
    }

    /// A bridge cannot be born with its mark. So it is made and marked under a name that only this instance uses, and
    /// renamed then: whenever we are killed, and whoever else wants the name, no unmarked bridge bears it and no mark
    /// of ours lands on a link of others.
    private func makeBridge(_ host: borrowing NetlinkSocket) throws(PodNetworkError) -> NetworkLink {
        let unfinished = unfinishedBridgeName
        let address = DerivedName.hardwareAddress(ofBridge: bridge, instance: instance)
        let made = try explaining("make bridge \(bridge)") { () throws(NetlinkError) in
            try host.request([
                .createBridge(unfinished, hardwareAddress: address),
                .change(.name(unfinished), LinkChange(alias: LinkMark.bridge.alias(of: instance))),
            ])
            return try host.link(named: unfinished)
        }
        guard let made else { throw .noBridge(unfinished) }
        do { try host.request(.change(.index(made.index), LinkChange(name: bridge))) } catch {
            // Somebody else was faster; the next look says who.
            try? host.deleteIfPresent(.index(made.index))
            _ = try ownBridge(host)
            throw .kernel(doing: "give bridge \(bridge) its name", error)
        }
        return made
    }

    /// What a call that was killed before the renaming left.
    private func removeUnfinishedBridge(_ host: borrowing NetlinkSocket) throws(PodNetworkError) {
        let found = try explaining("look for an unfinished bridge") { () throws(NetlinkError) in
            try host.link(named: unfinishedBridgeName)
        }
        guard let found else { return }
        guard mark(of: found) == .bridge else { throw .foreignLink(name: found.name, alias: found.alias) }
        try explaining("remove an unfinished bridge") { () throws(NetlinkError) in
            try host.deleteIfPresent(.index(found.index))
        }
    }

    /// The name under which the bridge is made and marked.
    var unfinishedBridgeName: String { DerivedName.unfinishedBridge(bridge, instance: instance) }

    /// Looks at all addresses and all routes: a link that is down has no route, a tunnel's network no address here.
    /// The default route and its two halves, by which some tunnels stand in for it, give way to any nearer route.
    private func refuseOverlaps(
        _ host: borrowing NetlinkSocket, with bridgeLink: NetworkLink?
    ) throws(PodNetworkError) {
        let (addresses, routes, links) = try explaining("look for other networks") { () throws(NetlinkError) in
            (try host.addresses(), try host.routes(), try host.links())
        }
        let own = addresses.filter { $0.link == bridgeLink?.index }.map(described)
        if !own.isEmpty, own.contains(where: { $0 != "\(gateway)/\(subnet.prefix)" }) {
            throw .bridgeHasOtherAddress(bridge: bridge, found: own, wanted: "\(gateway)/\(subnet.prefix)")
        }
        let used =
            addresses.map { (bytes: $0.bytes, prefix: $0.prefix, link: Int32?.some($0.link)) }
            + routes.filter { $0.prefix > 1 }.map { (bytes: $0.destination, prefix: $0.prefix, link: $0.link) }
        // An unfinished bridge gives way to the finished one.
        let ours = Set(
            links.filter { mark(of: $0) == .bridge && [bridge, unfinishedBridgeName].contains($0.name) }.map(\.index))
        for entry in used where !(entry.link.map(ours.contains) ?? false) {
            guard let other = IPv4Subnet(containing: IPv4Address(entry.bytes), prefix: entry.prefix) else { continue }
            if other.overlaps(subnet) {
                let name = links.first { $0.index == entry.link }?.name ?? "a route without a link"
                throw .subnetInUse(subnet, by: other, link: name)
            }
        }
    }

    private func described(_ address: InterfaceAddress) -> String {
        "\(IPv4Address(address.bytes))/\(address.prefix)"
    }

    /// A Pod that may send raw packets could otherwise announce itself to the node as its IPv6 router
    /// (CVE-2020-10749, CVE-2020-13401).
    private func ignoreRouterAdvertisements() throws(PodNetworkError) {
        do {
            let file = try Descriptor.open("/proc/sys/net/ipv6/conf/\(bridge)/accept_ra", O_WRONLY)
            try file.writeAll("0".utf8)
        } catch {
            // A kernel without IPv6, or a link on which it is switched off.
            if error.code != ENOENT { throw .setting(error) }
        }
    }
}

extension IPv4Address {
    /// Four bytes in network order, as the kernel gives them.
    init(_ bytes: [UInt8]) { self.init(bits: bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }) }
}
