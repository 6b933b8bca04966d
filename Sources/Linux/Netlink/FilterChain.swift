import CLinux
import Glibc

/// A chain of nf_tables, as the kernel describes it.
public struct FilterChain: Sendable, Hashable {
    /// The table it is in.
    public let table: String
    /// Its name.
    public let name: String
    /// Where packets come by, `NF_INET_*`; nil for one that is only jumped to.
    public let hook: UInt32?
    /// Whether it drops what none of its rules decides.
    public let drops: Bool

    /// A chain.
    public init(table: String, name: String, hook: UInt32?, drops: Bool) {
        self.table = table
        self.name = name
        self.hook = hook
        self.drops = drops
    }

    /// Reads an `NFT_MSG_NEWCHAIN` message.
    public init(_ message: NetlinkMessage) throws(NetlinkError) {
        var reader = NetlinkReader(message.payload)
        _ = try reader.take(4, of: "a chain's family")
        let attributes = try reader.attributes()
        table = attributes.text(Int(NFTA_CHAIN_TABLE.rawValue)) ?? ""
        name = attributes.text(Int(NFTA_CHAIN_NAME.rawValue)) ?? ""
        hook = try attributes.nested(Int(NFTA_CHAIN_HOOK.rawValue))
            .integer(Int(NFTA_HOOK_HOOKNUM.rawValue), as: UInt32.self)?.bigEndian
        let policy = attributes.integer(Int(NFTA_CHAIN_POLICY.rawValue), as: UInt32.self)?.bigEndian
        // NF_DROP
        drops = policy == 0
    }
}

extension NetlinkSocket {
    /// The chains that IPv4 packets may come by, of every table.
    ///
    /// To be asked of a netfilter socket.
    public borrowing func filterChains() throws(NetlinkError) -> [FilterChain] {
        var chains: [FilterChain] = []
        // NFPROTO_INET and NFPROTO_IPV4
        for family in [Int32(1), AF_INET] {
            let request = NetlinkRequest.nfTables(
                "list the packet filter's chains", NFT_MSG_GETCHAIN, flags: NLM_F_DUMP, family: family
            ) { _ in }
            for message in try query(request) { chains.append(try FilterChain(message)) }
        }
        return chains
    }
}
