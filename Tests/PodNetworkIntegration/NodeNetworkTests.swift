import Glibc
import Linux
import Testing

@testable import PodNetwork

/// Everything here happens in network namespaces of the test's own, as root.
@Suite("Node network", .enabled(if: geteuid() == 0, "needs root"))
struct NodeNetworkTests {
    private let subnet: IPv4Subnet
    private let network: NodeNetwork
    private let (first, second): (IPv4Address, IPv4Address)

    init() throws {
        subnet = try #require(IPv4Subnet("10.88.0.0/24"))
        network = try NodeNetwork(bridge: "rec0", subnet: subnet, instance: "test")
        first = try #require(network.pool.next(after: nil) { _ in false })
        second = try #require(network.pool.next(after: first) { _ in false })
    }

    @Test("preparing twice makes one bridge, with a MAC address that stays, and tearing down leaves nothing")
    func prepareTwice() throws {
        let node = try NetworkNamespace()
        let host = try node.netlink()

        try prepare(node)
        let before = try #require(try host.link(named: "rec0"))
        try prepare(node)

        let after = try #require(try host.link(named: "rec0"))
        #expect(before == after)
        #expect(after.isUp)
        #expect(try host.addresses().map(\.bytes) == [network.gateway.bytes])
        try network.teardown(host: host)
        try network.teardown(host: host)
        #expect(try host.links().map(\.name) == ["lo"])
    }

    @Test("somebody else's link of the bridge's name is refused and left alone", arguments: [nil, "someone's"])
    func foreignBridge(alias: String?) throws {
        let node = try NetworkNamespace()
        let host = try node.netlink()
        try host.request(.createBridge("rec0", hardwareAddress: [2, 0, 0, 0, 0, 1]))
        if let alias { try host.request(.change(.name("rec0"), LinkChange(alias: alias))) }

        let error = #expect(throws: PodNetworkError.self) { try prepare(node) }

        #expect(error == .foreignLink(name: "rec0", alias: alias))
        #expect(throws: PodNetworkError.self) { try network.teardown(host: host) }
        #expect(try host.links().count == 2)
    }

    @Test("another instance's bridge is refused")
    func otherInstance() throws {
        let node = try NetworkNamespace()
        try prepare(node)
        let other = try NodeNetwork(bridge: "rec0", subnet: subnet, instance: "other")

        #expect(throws: PodNetworkError.foreignLink(name: "rec0", alias: "reconcile-agent:test")) {
            try node.run { try other.prepare(host: try NetlinkSocket()) }
        }
    }

    @Test("a network that the host uses for something else is refused", arguments: ["10.88.0.0/16", "10.88.0.128/25"])
    func overlap(text: String) throws {
        let node = try NetworkNamespace()
        let used = try #require(IPv4Subnet(text))
        let neighbour = try NodeNetwork(bridge: "other0", subnet: used, instance: "other")
        try node.run { try neighbour.prepare(host: try NetlinkSocket()) }

        #expect(throws: PodNetworkError.subnetInUse(subnet, by: used, link: "other0")) { try prepare(node) }
    }

    @Test("a bridge with another network's address is refused")
    func otherAddress() throws {
        let node = try NetworkNamespace()
        try prepare(node)
        let moved = try NodeNetwork(bridge: "rec0", subnet: try #require(IPv4Subnet("10.99.0.0/24")), instance: "test")

        #expect(throws: PodNetworkError.self) { try node.run { try moved.prepare(host: try NetlinkSocket()) } }
    }

    @Test("a bridge left unfinished by a crash is replaced")
    func unfinishedBridge() throws {
        let node = try NetworkNamespace()
        let host = try node.netlink()
        try prepare(node)
        let bridge = try #require(try host.link(named: "rec0"))
        let rename = LinkChange(name: network.unfinishedBridgeName)
        try host.request([
            .change(.index(bridge.index), LinkChange(isUp: false)), .change(.index(bridge.index), rename),
        ])

        try prepare(node)

        #expect(try host.links().map(\.name).sorted() == ["lo", "rec0"])
    }

    @Test("node and Pods reach each other over TCP, and a Pod reaches itself over loopback")
    func traffic() throws {
        let node = try NetworkNamespace()
        let web = try NetworkNamespace()
        let client = try NetworkNamespace()
        try prepare(node)
        try attach("web", web, first, node)
        try attach("client", client, second, node)

        try greet(first, in: web, from: node)
        try greet(first, in: web, from: client)
        try greet(network.gateway, in: node, from: client)
        try greet(try #require(IPv4Address("127.0.0.1")), in: web, from: web)
    }

    @Test("attaching again completes what is missing and changes nothing else")
    func attachAgain() throws {
        let node = try NetworkNamespace()
        let pod = try NetworkNamespace()
        let host = try node.netlink()
        let inside = try pod.netlink()
        try prepare(node)
        let link = try attach("web", pod, first, node)
        let eth0 = try #require(try inside.link(named: "eth0"))
        try inside.request(.change(.index(eth0.index), LinkChange(isUp: false)))

        let again = try attach("web", pod, first, node)

        #expect(again == link)
        #expect(try network.links(host: host) == [link])
        #expect(try inside.link(named: "eth0") == eth0)
        #expect(try inside.routes().contains { $0.prefix == 0 && $0.gateway == network.gateway.bytes })
        try greet(first, in: pod, from: node)
    }

    @Test("an attachment cut off after its link was made is completed")
    func interrupted() throws {
        let node = try NetworkNamespace()
        let pod = try NetworkNamespace()
        let host = try node.netlink()
        try prepare(node)
        let name = DerivedName.podLink("web", instance: "test")
        let alias = LinkMark.pod(key: "web", address: first).alias(of: "test")
        try host.request([
            .createVeth(name, peer: "eth0", peerHardwareAddress: [2, 0, 0, 0, 0, 1], inside: pod.descriptor.raw),
            .change(.name(name), LinkChange(alias: alias)),
        ])
        #expect(try network.links(host: host).map(\.address) == [first])

        try attach("web", pod, first, node)

        try greet(first, in: pod, from: node)
    }

    @Test("no IPv6 address is made on the bridge, its ports or in the Pod, so none has to be checked for duplicates")
    func withoutIPv6() throws {
        let node = try NetworkNamespace()
        let pod = try NetworkNamespace()
        try prepare(node)
        try attach("web", pod, first, node)

        let read = { @Sendable in
            // Absent where the kernel has no IPv6.
            guard let file = try? Descriptor.open("/proc/thread-self/net/if_inet6") else { return "" }
            return String(decoding: try file.readToEnd(), as: UTF8.self)
        }
        #expect(try node.run(read) == "")
        #expect(try pod.run(read).split(separator: "\n").allSatisfy { $0.hasSuffix(" lo") })
    }

    @Test("of many instances that want one bridge at once, one gets it and the others leave nothing")
    func race() async throws {
        let node = try NetworkNamespace()
        let host = try node.netlink()
        let raw = node.descriptor.raw
        let subnet = subnet
        let winners = try await withThrowingTaskGroup(of: String?.self) { group in
            for number in 0..<6 {
                group.addTask {
                    try NetworkNamespace.run(inside: raw) {
                        let network = try NodeNetwork(bridge: "rec0", subnet: subnet, instance: "instance-\(number)")
                        do { try network.prepare(host: try NetlinkSocket()) } catch is PodNetworkError { return nil }
                        return network.instance
                    }
                }
            }
            return try await group.reduce(into: [String]()) { if let winner = $1 { $0.append(winner) } }
        }

        #expect(winners.count == 1)
        #expect(try host.links().map(\.name).sorted() == ["lo", "rec0"])
        #expect(try host.link(named: "rec0")?.alias == winners.first.map { "reconcile-agent:\($0)" })
    }

    @Test("a bridge that was deleted comes back with its Pods")
    func bridgeDeleted() throws {
        let node = try NetworkNamespace()
        let pod = try NetworkNamespace()
        let host = try node.netlink()
        try prepare(node)
        try attach("web", pod, first, node)
        try host.request(.delete(.name("rec0")))

        #expect(throws: PodNetworkError.noBridge("rec0")) { try attach("web", pod, first, node) }
        try prepare(node)
        try attach("web", pod, first, node)

        try greet(first, in: pod, from: node)
    }

    @Test(
        "what others did to the bridge is mended, and the Pods on it are reached again",
        arguments: [
            Damage("deleted", [.bridgeMade("rec0"), .reconnected(podKey: "web")]) { _ in [.delete(.name("rec0"))] },
            Damage("set down", [.bridgeCompleted("rec0")]) { _ in [.change(.name("rec0"), LinkChange(isUp: false))] },
            Damage("robbed of its port", [.reconnected(podKey: "web")]) {
                [.change(.name($0.name), LinkChange(master: 0))]
            },
            Damage("left alone", []) { _ in [] },
        ])
    func mending(damage: Damage) throws {
        let node = try NetworkNamespace()
        let pod = try NetworkNamespace()
        let host = try node.netlink()
        try prepare(node)
        let link = try attach("web", pod, first, node)
        for request in damage.requests(link) { try host.request(request) }

        let network = network
        let standing = try node.run { try network.mend(host: try NetlinkSocket()) }

        #expect(standing == NetworkStanding(repairs: damage.repairs, linked: ["web"]))
        try greet(first, in: pod, from: node)
    }

    @Test("the kernel tells of a deleted bridge and a deleted link, and of nothing while all is well")
    func monitor() throws {
        let node = try NetworkNamespace()
        let pod = try NetworkNamespace()
        let host = try node.netlink()
        try prepare(node)
        let network = network
        let monitor = try node.run { MonitorBox(try LinkMonitor()) }
        func concerns() throws -> [NodeNetwork.Concern] { try monitor.changes().compactMap(network.concern) }

        try attach("web", pod, first, node)
        #expect(try concerns().isEmpty)
        try network.remove(podKey: "web", host: host)
        #expect(try concerns() == [.link(podKey: "web")])
        try host.request(.delete(.name("rec0")))
        #expect(try concerns().contains(.bridge))
    }

    @Test("a sandbox made anew gets a new link in place of the old one")
    func newSandbox() throws {
        let node = try NetworkNamespace()
        let old = try NetworkNamespace()
        let new = try NetworkNamespace()
        try prepare(node)
        let before = try attach("web", old, first, node)

        let after = try attach("web", new, first, node)

        #expect(after.index != before.index)
        try greet(first, in: new, from: node)
    }

    @Test("a Pod's link refuses another address than it was made for")
    func addressChange() throws {
        let node = try NetworkNamespace()
        let pod = try NetworkNamespace()
        try prepare(node)
        try attach("web", pod, first, node)

        #expect(throws: PodNetworkError.otherAddress(pod: "web", found: first, wanted: second)) {
            try attach("web", pod, second, node)
        }
    }

    @Test("a link is listed with its Pod and address until it is removed")
    func removal() throws {
        let node = try NetworkNamespace()
        let pod = try NetworkNamespace()
        let host = try node.netlink()
        try prepare(node)
        try attach("web", pod, first, node)
        #expect(try network.links(host: host).map(\.address) == [first])

        try network.remove(podKey: "web", host: host)
        try network.remove(podKey: "web", host: host)

        #expect(try network.links(host: host).isEmpty)
    }

    @Test("the end of a Pod's namespace removes its link")
    func namespaceEnds() async throws {
        let node = try NetworkNamespace()
        let host = try node.netlink()
        try prepare(node)
        do {
            let pod = try NetworkNamespace()
            try attach("web", pod, first, node)
        }

        let deadline = BootInstant.now().nanoseconds + 10_000_000_000
        while try !network.links(host: host).isEmpty, BootInstant.now().nanoseconds < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }

        #expect(try network.links(host: host).isEmpty, "the kernel keeps the link although its namespace is gone")
    }

    @Test("attaching costs little: printed for the benchmarks")
    func cost() throws {
        let node = try NetworkNamespace()
        let host = try node.netlink()
        try prepare(node)
        var costs: [UInt64] = []
        var last: IPv4Address?
        for number in 0..<40 {
            let pod = try NetworkNamespace()
            let inside = try pod.netlink()
            let address = try #require(network.pool.next(after: last) { _ in false })
            let start = BootInstant.now().nanoseconds
            _ = try network.attach(
                podKey: "pod-\(number)", podNamespace: pod.descriptor, inside: inside, host: host, address: address)
            costs.append((BootInstant.now().nanoseconds - start) / 1000)
            last = address
        }

        costs.sort()
        print("attach: p50 \(costs[20]) us, p95 \(costs[38]) us")
        #expect(costs[20] < 1_000_000, "a link takes a second: far beyond any machine seen")
    }

    private func prepare(_ node: borrowing NetworkNamespace) throws {
        let network = network
        try node.run { try network.prepare(host: try NetlinkSocket()) }
    }

    @discardableResult
    private func attach(
        _ key: String, _ pod: borrowing NetworkNamespace, _ address: IPv4Address, _ node: borrowing NetworkNamespace
    ) throws -> PodLink {
        let inside = try pod.netlink()
        let host = try node.netlink()
        return try network.attach(
            podKey: key, podNamespace: pod.descriptor, inside: inside, host: host, address: address)
    }
}

/// What somebody did to the network, and what is to be said of its mending.
struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let repairs: [NetworkRepair]
    let requests: @Sendable (PodLink) -> [NetlinkRequest]

    init(_ what: String, _ repairs: [NetworkRepair], _ requests: @escaping @Sendable (PodLink) -> [NetlinkRequest]) {
        testDescription = what
        self.repairs = repairs
        self.requests = requests
    }
}

/// A class, since a monitor is noncopyable and has to leave the thread that made it.
private final class MonitorBox: Sendable {
    private let monitor: LinkMonitor

    init(_ monitor: consuming LinkMonitor) { self.monitor = monitor }

    func changes() throws -> [LinkMonitor.Change] { try monitor.changes() }
}
