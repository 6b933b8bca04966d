import CLinux
import Glibc
import Linux
import Testing

@testable import PodNetwork

/// A node with two Pods and a neighbour, "the world", that reaches it by a link of its own: each a network namespace of the
/// test's.
struct SmallWorld: ~Copyable {
    let node: NetworkNamespace
    let web: NetworkNamespace
    let client: NetworkNamespace
    let world: NetworkNamespace
    let network: NodeNetwork
    let webAddress: IPv4Address
    let clientAddress: IPv4Address
    let nodeAddress: IPv4Address
    let worldAddress: IPv4Address

    /// - Parameter isFiltered: whether what passes the bridge passes the node's filters too (`bridge-nf-call-iptables`).
    static func make(isFiltered: Bool = true) throws -> SmallWorld {
        let subnet = try #require(IPv4Subnet("10.88.0.0/24"))
        let network = try NodeNetwork(bridge: "rec0", subnet: subnet, instance: "test")
        let first = try #require(network.pool.next(after: nil) { _ in false })
        let second = try #require(network.pool.next(after: first) { _ in false })
        let small = try SmallWorld(
            node: NetworkNamespace(), web: NetworkNamespace(), client: NetworkNamespace(), world: NetworkNamespace(),
            network: network, webAddress: first, clientAddress: second,
            nodeAddress: IPv4Address(bits: 0xC000_0201), worldAddress: IPv4Address(bits: 0xC000_0202))
        try small.prepare(isFiltered: isFiltered)
        return small
    }

    private func prepare(isFiltered: Bool) throws {
        try node.run { [network] in
            let host = try NetlinkSocket()
            try network.prepare(host: host)
            try network.letLoopbackReachPods()
            try host.request(.change(.index(1), LinkChange(isUp: true)))
            try Forwarding.turnOn()
            // A kernel without br_netfilter has no such switch.
            guard let file = try? Descriptor.open("/proc/sys/net/bridge/bridge-nf-call-iptables", O_WRONLY) else {
                return
            }
            try file.writeAll((isFiltered ? "1" : "0").utf8)
        }
        for (key, address) in [("web", webAddress), ("client", clientAddress)] { try attach(key, address) }
        let host = try node.netlink()
        let beyond = try world.netlink()
        try host.request(
            .createVeth("up0", peer: "eth0", peerHardwareAddress: [2, 0, 0, 0, 0, 9], inside: world.descriptor.raw))
        for (socket, name, address) in [(0, "up0", nodeAddress), (1, "eth0", worldAddress)] {
            let link = try #require(try socket == 0 ? host.link(named: name) : beyond.link(named: name))
            let requests: [NetlinkRequest] = [
                .addAddress(address.bytes, prefix: 24, broadcast: [192, 0, 2, 255], link: link.index),
                .change(.index(link.index), LinkChange(isUp: true)),
            ]
            if socket == 0 { try host.request(requests) } else { try beyond.request(requests) }
        }
    }

    private func attach(_ key: String, _ address: IPv4Address) throws {
        let host = try node.netlink()
        let inside = key == "web" ? try web.netlink() : try client.netlink()
        if key == "web" {
            _ = try network.attach(
                podKey: key, podNamespace: web.descriptor, inside: inside, host: host, address: address)
        } else {
            _ = try network.attach(
                podKey: key, podNamespace: client.descriptor, inside: inside, host: host, address: address)
        }
        try network.letReachItself(podKey: key, host: host)
    }

    /// The node's packet filter.
    func filter(masquerades: Bool = true) throws -> FilterInside {
        let filter = PacketFilter(of: network, masquerades: masquerades)
        let raw = node.descriptor.raw
        return try NetworkNamespace.run(inside: raw) { try FilterInside(filter, raw) }
    }

    /// A port of the node that leads to the web server's Pod.
    func port(
        _ transport: PortTransport = .tcp, _ number: UInt16 = 8080, at address: IPv4Address? = nil, to: UInt16 = 80
    )
        -> PublishedPort
    {
        PublishedPort(NodePort(transport, number, of: address), to: webAddress, to, owner: "blue/web")
    }
}

/// A packet filter that works inside a node's namespace.
final class FilterInside: Sendable {
    private let filter: NodeFilter
    private let namespace: Int32

    /// To be called inside.
    init(_ filter: PacketFilter, _ namespace: Int32) throws {
        self.filter = try NodeFilter(filter)
        self.namespace = namespace
    }

    var table: String { filter.filter.table }
    var port: UInt32 { filter.port }

    func write(_ ports: [PublishedPort]) throws {
        try NetworkNamespace.run(inside: namespace) { try self.filter.write(ports) }
    }

    func replace(by ports: [PublishedPort], changed: [PublishedPort]) throws {
        try NetworkNamespace.run(inside: namespace) {
            try self.filter.replace(by: ports)
            try self.filter.forget(changed.map(\.port), now: ports)
        }
    }

    func remove() throws { try NetworkNamespace.run(inside: namespace) { try self.filter.remove() } }
}

/// What is told of a node's packet filter.
private final class MonitorInside: Sendable {
    private let monitor: FilterMonitor

    /// To be called inside.
    init() throws { monitor = try FilterMonitor() }

    func changes() throws -> Set<FilterMonitor.Change> { try monitor.changes() }
}

/// Everything here happens in network namespaces of the test's own, as root.
@Suite("Published ports and the way out", .enabled(if: geteuid() == 0, "needs root"))
struct PublishedPortTests {
    private static let loopback = IPv4Address(bits: 0x7F00_0001)

    @Test(
        "a published port is reached from the world, the node, its loopback, and Pods, the Pod itself included",
        arguments: [false, true])
    func everywhere(isFiltered: Bool) throws {
        let small = try SmallWorld.make(isFiltered: isFiltered)
        let filter = try small.filter()
        try filter.write([])
        try filter.replace(by: [small.port()], changed: [small.port()])
        let server = try Answerer(80, in: small.web)

        // Who comes from beyond the node keeps his address.
        let fromWorld = try call(small.nodeAddress, 8080, from: small.world, answeredBy: server)
        #expect(fromWorld == small.worldAddress)
        for address in [small.nodeAddress, small.network.gateway, Self.loopback] {
            try call(address, 8080, from: small.node, answeredBy: server)
        }
        for address in [small.nodeAddress, small.network.gateway] {
            try call(address, 8080, from: small.client, answeredBy: server)
            try call(address, 8080, from: small.web, answeredBy: server)
        }
        // By its own address it is reached as before, by the caller's own.
        let fromPod = try call(small.webAddress, 80, from: small.client, answeredBy: server)
        #expect(fromPod == small.clientAddress)
    }

    @Test("TCP and UDP of one number are apart, and a port of one address is one of no other")
    func apart() throws {
        let small = try SmallWorld.make()
        let filter = try small.filter()
        let ports = [
            small.port(.tcp, 53, to: 5301), small.port(.udp, 53, to: 5302),
            small.port(.tcp, 81, at: small.nodeAddress, to: 5303),
            small.port(.tcp, 81, at: Self.loopback, to: 5304),
        ]
        try filter.write(ports)
        let first = try Answerer(5301, in: small.web)
        let second = try Answerer(5302, by: .udp, in: small.web)
        let third = try Answerer(5303, in: small.web)
        let fourth = try Answerer(5304, in: small.web)

        try call(small.nodeAddress, 53, from: small.world, answeredBy: first)
        try call(small.nodeAddress, 53, by: .udp, from: small.world, answeredBy: second)
        try call(small.nodeAddress, 53, by: .udp, from: small.client, answeredBy: second)
        try call(Self.loopback, 53, by: .udp, from: small.node, answeredBy: second)
        try call(small.nodeAddress, 81, from: small.world, answeredBy: third)
        try call(Self.loopback, 81, from: small.node, answeredBy: fourth)
        let error = #expect(throws: SystemError.self) {
            _ = try Caller(small.network.gateway, 81, in: small.client)
        }
        #expect(error?.code == ECONNREFUSED)
    }

    @Test("what Pods send beyond the node goes in its name, unless that is not wanted")
    func masquerade() throws {
        let small = try SmallWorld.make()
        let server = try Answerer(80, in: small.world)
        let filter = try small.filter()
        try filter.write([])

        let seen = try call(small.worldAddress, 80, from: small.client, answeredBy: server)
        #expect(seen == small.nodeAddress)

        let quiet = try small.filter(masquerades: false)
        try quiet.write([])
        let beyond = try small.world.netlink()
        let link = try #require(try beyond.link(named: "eth0"))
        try beyond.request(.setDefaultRoute(gateway: small.nodeAddress.bytes, link: link.index))
        let own = try call(small.worldAddress, 80, from: small.client, answeredBy: server)
        #expect(own == small.clientAddress)
    }

    @Test("no Pod reaches the node's loopback by sending there, and none passes for it")
    func loopback() throws {
        let small = try SmallWorld.make()
        let filter = try small.filter()
        try filter.write([small.port()])
        let secret = try Answerer(631, in: small.node)
        // A Pod that may change its routes sends what is for 127.0.0.1 to the node.
        let inside = try small.client.netlink()
        let eth0 = try #require(try inside.link(named: "eth0"))
        try inside.request(.change(.index(1), LinkChange(isUp: false)))
        try small.client.run {
            let file = try Descriptor.open("/proc/sys/net/ipv4/conf/eth0/route_localnet", O_WRONLY)
            try file.writeAll("1".utf8)
        }
        try inside.request(.setDefaultRoute(gateway: small.network.gateway.bytes, link: eth0.index))

        #expect(throws: SystemError.self) { _ = try Caller(Self.loopback, 631, in: small.client) }
        try call(Self.loopback, 631, from: small.node, answeredBy: secret)
    }

    @Test("a client of UDP that goes on sending reaches the new Pod, and not the one that is gone")
    func staleFlows() throws {
        let small = try SmallWorld.make()
        let filter = try small.filter()
        let first = small.port(.udp, 53, to: 5301)
        try filter.write([])
        let program = try Answerer(53, by: .udp, in: small.node)
        let one = try Answerer(5301, by: .udp, in: small.web)
        let two = try Answerer(5302, by: .udp, in: small.web)
        let caller = try Caller(small.nodeAddress, 53, by: .udp, in: small.world)

        try caller.speak()
        #expect(try program.answer() == small.worldAddress)
        #expect(try caller.hears())
        try filter.replace(by: [first], changed: [first])
        try caller.speak()
        #expect(try one.answer() == small.worldAddress)
        #expect(try caller.hears())
        let second = small.port(.udp, 53, to: 5302)
        try filter.replace(by: [second], changed: [second])
        try caller.speak()
        #expect(try two.answer() == small.worldAddress)
        #expect(try caller.hears())
        try filter.replace(by: [], changed: [second])
        try caller.speak()
        #expect(try program.answer() == small.worldAddress)
        #expect(try caller.hears())
    }

    @Test("connections of others go on while ports come and go, and while the table is written anew")
    func undisturbed() throws {
        let small = try SmallWorld.make()
        let filter = try small.filter()
        let port = small.port()
        try filter.write([port])
        let server = try Answerer(80, in: small.web)
        let caller = try Caller(small.nodeAddress, 8080, in: small.world)

        let other = small.port(.tcp, 9090)
        try filter.replace(by: [port, other], changed: [other])
        try filter.write([port])
        try filter.write([port])

        try caller.speak()
        #expect(try server.answer() == small.worldAddress)
        #expect(try caller.hears())
    }

    @Test("others' changes of our table are told apart from our own; a table that is gone comes back with a port")
    func deletedByOthers() throws {
        let small = try SmallWorld.make()
        let filter = try small.filter()
        let monitor = try small.node.run { try MonitorInside() }
        try filter.write([])
        let own = try monitor.changes()
        #expect(own == [.table(filter.table, author: filter.port)])

        let stranger = try small.filter()
        try stranger.remove()
        #expect(try monitor.changes() == [.table(filter.table, author: stranger.port)])
        try filter.replace(by: [small.port()], changed: [small.port()])
        let server = try Answerer(80, in: small.web)
        try call(small.nodeAddress, 8080, from: small.world, answeredBy: server)
        try filter.remove()
        try filter.remove()
    }

    @Test("chains that drop are found, and whose they are")
    func foreignChains() throws {
        let node = try NetworkNamespace()
        let chains = try node.run {
            let socket = try NetlinkSocket.netfilter()
            try socket.transact([
                .nfTables("make table", NFT_MSG_NEWTABLE, flags: NLM_F_CREATE) {
                    $0.attribute(Int(NFTA_TABLE_NAME.rawValue), text: "others")
                },
                .nfTables("make chain", NFT_MSG_NEWCHAIN, flags: NLM_F_CREATE) {
                    $0.attribute(Int(NFTA_CHAIN_TABLE.rawValue), text: "others")
                    $0.attribute(Int(NFTA_CHAIN_NAME.rawValue), text: "forward")
                    $0.nested(NFTA_CHAIN_HOOK) {
                        $0.number(NFTA_HOOK_HOOKNUM, 2)
                        $0.number(NFTA_HOOK_PRIORITY, 0)
                    }
                    $0.attribute(Int(NFTA_CHAIN_TYPE.rawValue), text: "filter")
                    $0.number(NFTA_CHAIN_POLICY, 0)
                },
            ])
            return try socket.filterChains()
        }

        #expect(chains.count == 1)
        #expect(chains.first?.table == "others" && chains.first?.name == "forward")
        #expect(chains.first?.hook == 2 && chains.first?.drops == true)
    }

    @Test("a program that waits at a port is found before it is cut off")
    func listeners() throws {
        let node = try NetworkNamespace()
        let program = try Answerer(22, in: node)
        let datagrams = try Answerer(53, by: .udp, in: node)

        let found = try node.run {
            [NodePort(.tcp, 22), NodePort(.udp, 22), NodePort(.udp, 53), NodePort(.tcp, 53)]
                .map { PortListener.first(hiddenBy: [$0])?.listener }
        }
        #expect(found == [PortListener(.tcp, 22), nil, PortListener(.udp, 53), nil])
        _ = consume program
        _ = consume datagrams
    }
}
