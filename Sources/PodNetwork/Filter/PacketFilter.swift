import CLinux
import Glibc
import Linux

/// What the node does to packets on their way to and from its Pods: a table of nf_tables of our own, as data.
///
/// Which port leads where is in two maps; the rules never change with the Pods. They do what the portmap and bridge
/// plugins of CNI do by rules of iptables:
///
/// - What is for a published port of the node goes to its Pod instead: from beyond the node, from the node itself, also
///   by its loopback, and from Pods.
/// - What a Pod sends to a Pod by the node, and what the node sends by its loopback, goes in the name of the bridge's
///   address: the answer has to come back the same way. Everybody else keeps his address.
/// - What a Pod sends beyond the node goes in the node's name, where that is wanted.
/// - Nothing that comes by a link passes for the node's loopback, be it from a Pod (CVE-2020-8558) or from a neighbour, who
///   could else reach what is published there alone: redirection comes before the kernel's own check.
public struct PacketFilter: Sendable, Hashable {
    /// The Pods' network.
    public let network: NodeNetwork
    /// Whether Pods go beyond the node in its name.
    public let masquerades: Bool

    /// Describes a filter; makes nothing.
    public init(of network: NodeNetwork, masquerades: Bool) {
        self.network = network
        self.masquerades = masquerades
    }

    /// What a kernel that cannot carry it out is likely to lack, as one would load it.
    public static let remedy = "modprobe nf_tables nft_chain_nat nft_nat nft_masq nft_fib_inet"

    /// The table's name, which no other instance has.
    public var table: String { "reconcile-agent-\(network.instance)" }

    /// The map for ports of all of the node's addresses, and the one for ports of one of them.
    enum PortMap: String, CaseIterable {
        case everywhere = "ports"
        case addressed = "addressed-ports"

        /// Who reads `nft list` sees these types: they follow from nft's numbers of address, protocol and port (7, 12, 13),
        /// six bits each.
        var keyType: UInt32 { self == .everywhere ? 12 << 6 | 13 : (7 << 6 | 12) << 6 | 13 }
        var fields: [UInt32] { self == .everywhere ? [1, 2] : [4, 1, 2] }
        static let dataType: UInt32 = 7 << 6 | 13
    }

    /// A chain with its rules.
    struct Chain: Hashable {
        let name: String
        /// Where packets come by; nil for a chain that is jumped to.
        var hook: Hook?
        let rules: [[FilterExpression]]
    }

    /// Where packets come by a chain.
    struct Hook: Hashable {
        let type: String
        /// `NF_INET_*`.
        let number: UInt32
        let priority: Int32
    }

    /// The loopback network of every node.
    private static let loopback = IPv4Subnet("127.0.0.0/8")
    private static let multicast = IPv4Subnet("224.0.0.0/4")

    var chains: [Chain] {
        guard let loopback = Self.loopback, let multicast = Self.multicast else { return [] }
        let (bridge, subnet) = (network.bridge, network.subnet)
        typealias Step = FilterExpression
        let beyond =
            Step.source(subnet) + Step.link(NFT_META_OIFNAME, is: false, bridge)
            + Step.destination(is: false, multicast) + [.masquerade(isPortRandom: true)]
        let published = Step.toThisNode + [.jump("published")]
        return [
            // Before connection tracking: an answer to the node's loopback is not addressed to it yet.
            Chain(
                name: "guard", hook: Hook(type: "filter", number: 0, priority: -300),
                rules: [
                    Step.link(NFT_META_IIFNAME, is: false, "lo") + Step.source(loopback) + [.drop],
                    Step.link(NFT_META_IIFNAME, is: false, "lo") + Step.destination(loopback) + [.drop],
                ]),
            // The nearer address first.
            Chain(
                name: "published",
                rules: [
                    [
                        .network(offset: 16, length: 4, into: .first), .meta(NFT_META_L4PROTO, into: .second),
                        .transport(offset: 2, length: 2, into: .third),
                        .lookUp(PortMap.addressed.rawValue, key: .first, into: .first),
                        .destination(address: .first, port: .second),
                    ],
                    [
                        .meta(NFT_META_L4PROTO, into: .first), .transport(offset: 2, length: 2, into: .second),
                        .lookUp(PortMap.everywhere.rawValue, key: .first, into: .first),
                        .destination(address: .first, port: .second),
                    ],
                ]),
            Chain(name: "prerouting", hook: Hook(type: "nat", number: 0, priority: -100), rules: [published]),
            Chain(name: "output", hook: Hook(type: "nat", number: 3, priority: -100), rules: [published]),
            Chain(
                name: "postrouting", hook: Hook(type: "nat", number: 4, priority: 100),
                rules: [
                    Step.source(subnet) + Step.destination(subnet) + Step.redirected
                        + [.masquerade(isPortRandom: false)],
                    Step.source(loopback) + Step.link(NFT_META_OIFNAME, bridge) + Step.redirected
                        + [.masquerade(isPortRandom: false)],
                ] + (masquerades ? [beyond] : [])),
        ]
    }
}

extension PacketFilter {
    /// Makes the table anew with all that belongs into it, in place of whatever is there: one transaction, in which no
    /// packet finds anything missing.
    public func writing(_ ports: [PublishedPort]) -> [NetlinkRequest] {
        let sets = PortMap.allCases.enumerated().map { makeMap($1, id: UInt32($0 + 1)) }
        return [makeTable, removal, makeTable] + sets + chains.map(makeChain)
            + chains.flatMap { chain in chain.rules.map { makeRule(in: chain.name, $0) } } + filling(ports)
    }

    /// Has the maps of the table that is there hold these ports and no others: one transaction, in which no port that
    /// stays goes away.
    public func replacing(_ ports: [PublishedPort]) -> [NetlinkRequest] {
        PortMap.allCases.map { map in
            .nfTables("empty map \(map.rawValue)", NFT_MSG_DELSETELEM) {
                $0.attribute(Int(NFTA_SET_ELEM_LIST_TABLE.rawValue), text: table)
                $0.attribute(Int(NFTA_SET_ELEM_LIST_SET.rawValue), text: map.rawValue)
            }
        } + filling(ports)
    }

    /// Removes the table with all that is in it.
    public var removal: NetlinkRequest {
        .nfTables("remove table \(table)", NFT_MSG_DELTABLE) {
            $0.attribute(Int(NFTA_TABLE_NAME.rawValue), text: table)
        }
    }

    private var makeTable: NetlinkRequest {
        .nfTables("make table \(table)", NFT_MSG_NEWTABLE, flags: NLM_F_CREATE) {
            $0.attribute(Int(NFTA_TABLE_NAME.rawValue), text: table)
            $0.number(NFTA_TABLE_FLAGS, 0)
            $0.attribute(
                Int(NFTA_TABLE_USERDATA.rawValue), comment(LinkMark.bridge.alias(of: network.instance)))
        }
    }

    private func makeMap(_ map: PortMap, id: UInt32) -> NetlinkRequest {
        .nfTables("make map \(map.rawValue)", NFT_MSG_NEWSET, flags: NLM_F_CREATE) {
            $0.attribute(Int(NFTA_SET_TABLE.rawValue), text: table)
            $0.attribute(Int(NFTA_SET_NAME.rawValue), text: map.rawValue)
            $0.number(NFTA_SET_FLAGS, NFT_SET_MAP.rawValue | NFT_SET_CONCAT.rawValue)
            $0.number(NFTA_SET_KEY_TYPE, map.keyType)
            $0.number(NFTA_SET_KEY_LEN, UInt32(map.fields.count * 4))
            $0.number(NFTA_SET_DATA_TYPE, PortMap.dataType)
            $0.number(NFTA_SET_DATA_LEN, 8)
            $0.number(NFTA_SET_ID, id)
            $0.nested(NFTA_SET_DESC) {
                $0.nested(NFTA_SET_DESC_CONCAT) {
                    for length in map.fields {
                        $0.nested(NFTA_LIST_ELEM) { $0.number(NFTA_SET_FIELD_LEN, length) }
                    }
                }
            }
        }
    }

    private func makeChain(_ chain: Chain) -> NetlinkRequest {
        .nfTables("make chain \(chain.name)", NFT_MSG_NEWCHAIN, flags: NLM_F_CREATE) {
            $0.attribute(Int(NFTA_CHAIN_TABLE.rawValue), text: table)
            $0.attribute(Int(NFTA_CHAIN_NAME.rawValue), text: chain.name)
            guard let hook = chain.hook else { return }
            $0.nested(NFTA_CHAIN_HOOK) {
                $0.number(NFTA_HOOK_HOOKNUM, hook.number)
                $0.number(NFTA_HOOK_PRIORITY, UInt32(bitPattern: hook.priority))
            }
            $0.attribute(Int(NFTA_CHAIN_TYPE.rawValue), text: hook.type)
            // NF_ACCEPT
            $0.number(NFTA_CHAIN_POLICY, 1)
        }
    }

    private func makeRule(in chain: String, _ steps: [FilterExpression]) -> NetlinkRequest {
        .nfTables("make a rule in chain \(chain)", NFT_MSG_NEWRULE, flags: NLM_F_CREATE | NLM_F_APPEND) {
            $0.attribute(Int(NFTA_RULE_TABLE.rawValue), text: table)
            $0.attribute(Int(NFTA_RULE_CHAIN.rawValue), text: chain)
            $0.nested(NFTA_RULE_EXPRESSIONS) { for step in steps { step.write(to: &$0) } }
        }
    }

    private func filling(_ ports: [PublishedPort]) -> [NetlinkRequest] {
        PortMap.allCases.flatMap { map in
            let ports = ports.filter { ($0.port.address == nil) == (map == .everywhere) }
                .sorted { $0.port < $1.port }
            // The length of an attribute has 16 bits.
            return stride(from: 0, to: ports.count, by: 200).map { start in
                fill(map, ports[start..<min(start + 200, ports.count)])
            }
        }
    }

    private func fill(_ map: PortMap, _ ports: ArraySlice<PublishedPort>) -> NetlinkRequest {
        let words = ports.map(\.port.description).joined(separator: ", ")
        return .nfTables("publish \(words)", NFT_MSG_NEWSETELEM, flags: NLM_F_CREATE) {
            $0.attribute(Int(NFTA_SET_ELEM_LIST_TABLE.rawValue), text: table)
            $0.attribute(Int(NFTA_SET_ELEM_LIST_SET.rawValue), text: map.rawValue)
            $0.nested(NFTA_SET_ELEM_LIST_ELEMENTS) {
                for port in ports {
                    $0.nested(NFTA_LIST_ELEM) {
                        $0.value(NFTA_SET_ELEM_KEY, port.port.key)
                        $0.value(NFTA_SET_ELEM_DATA, port.target.bytes + padded(port.targetPort))
                        $0.attribute(Int(NFTA_SET_ELEM_USERDATA.rawValue), comment(port.owner))
                    }
                }
            }
        }
    }
}

extension NodePort {
    /// As the maps have it: each field in four bytes.
    fileprivate var key: [UInt8] { (address?.bytes ?? []) + [transport.rawValue, 0, 0, 0] + padded(number) }
}

private func padded(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(port & 0xff), 0, 0] }

/// What nft shows as a comment (libnftnl's udata): a type, a length, a text that ends with a zero byte.
private func comment(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8.prefix(126)) + [0]
    return [0, UInt8(bytes.count)] + bytes
}
