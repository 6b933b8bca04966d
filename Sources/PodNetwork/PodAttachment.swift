import Glibc
import Linux

/// The link inside every Pod.
private let interface = "eth0"

/// The loopback link is the first of every namespace (the kernel's LOOPBACK_IFINDEX).
private let loopback: Int32 = 1

extension NodeNetwork {
    /// Connects a Pod: a link between its network namespace and the bridge, its address, its default route, its
    /// loopback. Called again, after a crash for example, it completes what is missing.
    ///
    /// - Parameters:
    ///   - podKey: the Pod's UID.
    ///   - podNamespace: a descriptor of the Pod's network namespace.
    ///   - inside: a socket created inside that namespace.
    ///   - host: a socket of the node's network namespace.
    ///   - address: one of the pool's that no other record and no other link has.
    /// - Returns: the node's end of the link.
    public func attach(
        podKey: String, podNamespace: borrowing Descriptor, inside: borrowing NetlinkSocket,
        host: borrowing NetlinkSocket, address: IPv4Address
    ) throws(PodNetworkError) -> PodLink {
        guard let bridgeLink = try ownBridge(host) else { throw .noBridge(bridge) }
        let mark = LinkMark.pod(key: podKey, address: address).alias(of: instance)
        let nodeEnd = LinkChange(alias: mark, master: bridgeLink.index)
        if let own = try intactLink(podKey, address, inside: inside, host: host) {
            try explaining("reconnect Pod \(podKey) to bridge \(bridge)") { () throws(NetlinkError) in
                try host.request(raising(.index(own.index), nodeEnd, speaksIPv6: bridgeLink.speaksIPv6))
            }
        } else {
            let name = DerivedName.podLink(podKey, instance: instance)
            let create = NetlinkRequest.createVeth(
                name, peer: interface, peerHardwareAddress: DerivedName.hardwareAddress(ofPod: address),
                inside: podNamespace.raw)
            let raise = raising(.name(name), nodeEnd, speaksIPv6: bridgeLink.speaksIPv6)
            try makeLink(name, [create] + raise, podKey, host: host)
        }
        guard let own = try ownLink(podKey, host), let eth0 = try lookUp(inside, podKey), eth0.peer == own.index else {
            throw .foreignInterface(pod: podKey, name: interface)
        }
        try configure(eth0, address, podKey, inside: inside)
        return own
    }

    /// Loopback, address, default route, in one system call.
    private func configure(
        _ eth0: NetworkLink, _ address: IPv4Address, _ podKey: String, inside: borrowing NetlinkSocket
    ) throws(PodNetworkError) {
        var requests: [NetlinkRequest] = [.change(.index(loopback), LinkChange(isUp: true))]
        requests.append(
            .addAddress(address.bytes, prefix: subnet.prefix, broadcast: subnet.broadcast.bytes, link: eth0.index))
        requests += raising(.index(eth0.index), speaksIPv6: eth0.speaksIPv6)
        requests.append(.setDefaultRoute(gateway: gateway.bytes, link: eth0.index))
        try explaining("set up \(interface) of Pod \(podKey)") { () throws(NetlinkError) in
            try inside.request(requests)
        }
    }

    /// The Pod's link from an earlier call, when its other end is in this namespace. One that leads elsewhere belongs
    /// to a namespace that is about to end: it is removed, since its name is needed.
    private func intactLink(
        _ podKey: String, _ address: IPv4Address, inside: borrowing NetlinkSocket, host: borrowing NetlinkSocket
    ) throws(PodNetworkError) -> PodLink? {
        guard let own = try ownLink(podKey, host) else { return nil }
        guard let eth0 = try lookUp(inside, podKey), eth0.peer == own.index else {
            try remove(podKey: podKey, host: host)
            return nil
        }
        guard own.address == address else { throw .otherAddress(pod: podKey, found: own.address, wanted: address) }
        return own
    }

    /// One system call: nobody ever sees the link without its mark.
    private func makeLink(
        _ name: String, _ requests: [NetlinkRequest], _ podKey: String, host: borrowing NetlinkSocket
    ) throws(PodNetworkError) {
        do { try host.request(requests) } catch {
            // Made, but not marked: nobody would ever remove it. (EEXIST: not made.)
            if error.code != EEXIST { try? host.deleteIfPresent(.name(name)) }
            throw .kernel(doing: "connect Pod \(podKey) to bridge \(bridge)", error)
        }
    }

    private func lookUp(
        _ inside: borrowing NetlinkSocket, _ podKey: String
    ) throws(PodNetworkError) -> NetworkLink? {
        try explaining("look for \(interface) of Pod \(podKey)") { () throws(NetlinkError) in
            try inside.link(named: interface)
        }
    }
}
