import CLinux
import Glibc
import Linux
import Testing

@testable import PodNetwork

@Suite("The packet filter as data")
struct PacketFilterTests {
    private let filter: PacketFilter
    private let pod: IPv4Address

    init() throws {
        let subnet = try #require(IPv4Subnet("10.88.0.0/24"))
        filter = PacketFilter(
            of: try NodeNetwork(bridge: "rec0", subnet: subnet, instance: "x"), masquerades: true)
        pod = try #require(IPv4Address("10.88.0.2"))
    }

    private func port(_ transport: PortTransport, _ number: UInt16, at address: String? = nil) -> PublishedPort {
        PublishedPort(
            NodePort(transport, number, of: address.flatMap { IPv4Address($0) }), to: pod, 80, owner: "blue/web")
    }

    @Test("a published port is one element of a map, byte for byte as nft writes it")
    func golden() {
        let requests = filter.replacing([port(.tcp, 8080)])

        #expect(requests.map(\.purpose) == ["empty map ports", "empty map addressed-ports", "publish 8080/TCP"])
        // strace nft add element ip reconcile-agent-x ports { tcp . 8080 comment "blue/web" : 10.88.0.2 . 80 }
        #expect(
            requests[2].encoded(sequence: 7).map { hex($0) }.joined()
                == """
                70000000 0c0a 0504 07000000 00000000 02000000 \
                1600 0100 7265636f6e63696c652d6167656e742d780000000a000200706f727473000000 \
                3800 0380 3400 0180 1000 0180 0c00 0100 06000000 1f900000 1000 0280 0c00 0100 0a580002 00500000 \
                0f00 0600 00 09 626c75652f77656200 00
                """.filter { $0 != " " })
    }

    @Test("a Pod without published ports adds nothing; ports of one address are in a map of their own")
    func maps() {
        let both = filter.replacing([port(.tcp, 80), port(.udp, 80), port(.tcp, 81, at: "127.0.0.1")])

        #expect(filter.replacing([]).count == 2)
        #expect(Array(both.map(\.purpose).suffix(2)) == ["publish 80/TCP, 80/UDP", "publish 127.0.0.1:81/TCP"])
        #expect(filter.replacing((1...401).map { port(.udp, $0) }).count == 2 + 3)
    }

    @Test("the table is replaced as a whole: whatever was there is gone in the same transaction")
    func wholeTable() {
        let purposes = filter.writing([port(.tcp, 80)]).map(\.purpose)

        #expect(
            Array(purposes.prefix(3)) == ["make table", "remove table", "make table"].map { "\($0) reconcile-agent-x" })
        #expect(purposes.last == "publish 80/TCP")
        #expect(purposes.count { $0.hasPrefix("make chain") } == 5)
        #expect(purposes.count { $0.hasPrefix("make a rule") } == 9)
    }

    @Test("what leaves the node goes in its name only where that is wanted")
    func masquerade() {
        let quiet = PacketFilter(of: filter.network, masquerades: false)
        func leaving(_ filter: PacketFilter) -> Int? { filter.chains.first { $0.name == "postrouting" }?.rules.count }

        #expect(leaving(filter) == 3)
        #expect(leaving(quiet) == 2)
    }

    @Test("tables of other instances have other names")
    func names() throws {
        let other = try NodeNetwork(bridge: "rec1", subnet: filter.network.subnet, instance: "y")

        #expect(filter.table == "reconcile-agent-x")
        #expect(PacketFilter(of: other, masquerades: true).table == "reconcile-agent-y")
    }

    private func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

@Suite("Programs of the node that wait at a port")
struct PortListenerTests {
    private static let header = "  sl  local_address rem_address   st tx_queue rx_queue\n"

    private static let lists: [(PortTransport, String, [PortListener])] = [
        (.tcp, "   0: 00000000:0016 00000000:0000 0A 00000000:00000000", [PortListener(.tcp, 22)]),
        (
            .tcp, "   0: 0100007F:0277 00000000:0000 0A 00000000:00000000",
            [PortListener(.tcp, 631, at: IPv4Address("127.0.0.1"))]
        ),
        (.tcp, "   1: 0100007F:0016 0100007F:C001 01 00000000:00000000", []),
        (
            .udp, "  12: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000",
            [
                PortListener(.udp, 53, at: IPv4Address("127.0.0.53"))
            ]
        ),
        (
            .tcp, "0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000",
            [PortListener(.tcp, 22)]
        ),
        (
            .tcp, "0: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 00000000",
            [PortListener(.tcp, 8080, at: IPv4Address("127.0.0.1"))]
        ),
        (.tcp, "0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 00000000", []),
        (.tcp, "nonsense", []), (.tcp, "", []),
    ]

    @Test("are read from the kernel's lists", arguments: 0..<9)
    func reading(row: Int) {
        let (transport, list, listeners) = Self.lists[row]
        #expect(PortListener.read(transport, list: Self.header + list + "\n") == listeners)
    }

    @Test(
        "are hidden by a port of the same transport, of every address or of theirs",
        arguments: [
            (nil, nil, true), (nil, "127.0.0.1", true), ("127.0.0.1", nil, true), ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "192.0.2.1", false),
        ] as [(String?, String?, Bool)])
    func hiding(listener: String?, port: String?, isHidden: Bool) {
        let listener = PortListener(.tcp, 80, at: listener.flatMap { IPv4Address($0) })
        let address = port.flatMap { IPv4Address($0) }

        #expect(listener.isHidden(by: NodePort(.tcp, 80, of: address)) == isHidden)
        #expect(!listener.isHidden(by: NodePort(.udp, 80, of: address)))
        #expect(!listener.isHidden(by: NodePort(.tcp, 81, of: address)))
    }
}

@Suite("Connections that lead astray")
struct StaleFlowTests {
    private static let node = IPv4Address(bits: 0xC000_0201)
    private static let (old, new) = (IPv4Address(bits: 0x0A58_0002), IPv4Address(bits: 0x0A58_0003))

    /// A flow of UDP to a port of the node, answered by somebody.
    private func flow(to destination: IPv4Address, _ port: UInt16, answeredBy: IPv4Address, _ from: UInt16) throws
        -> TrackedFlow
    {
        let request = NetlinkRequest("tell", type: 256) {
            $0.raw([2, 0, 0, 0])
            for (type, source, target, ports) in [
                (CTA_TUPLE_ORIG, IPv4Address(bits: 1), destination, (UInt16(4000), port)),
                (CTA_TUPLE_REPLY, answeredBy, IPv4Address(bits: 1), (from, UInt16(4000))),
            ] {
                $0.nested(Int(type.rawValue)) {
                    $0.nested(Int(CTA_TUPLE_IP.rawValue)) {
                        $0.attribute(Int(CTA_IP_V4_SRC.rawValue), source.bytes)
                        $0.attribute(Int(CTA_IP_V4_DST.rawValue), target.bytes)
                    }
                    $0.nested(Int(CTA_TUPLE_PROTO.rawValue)) {
                        $0.attribute(Int(CTA_PROTO_NUM.rawValue), integer: UInt8(17))
                        $0.attribute(Int(CTA_PROTO_SRC_PORT.rawValue), network: ports.0)
                        $0.attribute(Int(CTA_PROTO_DST_PORT.rawValue), network: ports.1)
                    }
                }
            }
        }
        let message = try #require(try NetlinkMessage.parse(request.encoded(sequence: 1)[...]).first)
        return try #require(try TrackedFlow(message))
    }

    private func isStale(_ flow: TrackedFlow, _ target: IPv4Address?, of address: IPv4Address? = nil) -> Bool {
        let port = NodePort(.udp, 53, of: address)
        return flow.isStale(
            for: port, leadingTo: target.map { PublishedPort(port, to: $0, 5353, owner: "a/b") },
            addresses: [Self.node])
    }

    @Test("to a Pod that a port no longer leads to, or past the one it leads to; no others")
    func staleness() throws {
        let toOld = try flow(to: Self.node, 53, answeredBy: Self.old, 5353)
        let toNode = try flow(to: Self.node, 53, answeredBy: Self.node, 53)
        let toWorld = try flow(to: IPv4Address(bits: 0x0808_0808), 53, answeredBy: IPv4Address(bits: 0x0808_0808), 53)
        let toLoopback = try flow(to: IPv4Address(bits: 0x7F00_0001), 53, answeredBy: Self.old, 5353)

        #expect(!isStale(toOld, Self.old))
        #expect(isStale(toOld, Self.new))
        #expect(isStale(toOld, nil))
        #expect(isStale(toNode, Self.new))
        #expect(!isStale(toNode, nil))
        #expect(!isStale(toWorld, Self.new))
        #expect(isStale(toLoopback, Self.new))
        #expect(!isStale(toLoopback, Self.new, of: Self.node))
        #expect(!isStale(try flow(to: Self.node, 54, answeredBy: Self.old, 5353), nil))
    }
}
