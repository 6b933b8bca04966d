import CLinux
import Glibc

extension NetlinkRequest {
    /// A request to a part of netfilter.
    ///
    /// - Parameters:
    ///   - purpose: what it is for, in words that follow "cannot".
    ///   - subsystem: `NFNL_SUBSYS_*`.
    ///   - message: the part's own number of the request.
    ///   - flags: `NLM_F_*`.
    ///   - body: writes the attributes.
    public static func netfilter(
        _ purpose: String, subsystem: Int32, message: Int, flags: Int32 = 0, family: Int32 = AF_INET,
        _ body: (inout NetlinkWriter) -> Void
    ) -> NetlinkRequest {
        NetlinkRequest(purpose, type: Int(subsystem) << 8 | message, flags: flags) {
            $0.netfilterHeader(family: family)
            body(&$0)
        }
    }

    /// A request to nf_tables.
    public static func nfTables(
        _ purpose: String, _ message: nf_tables_msg_types, flags: Int32 = 0, family: Int32 = AF_INET,
        _ body: (inout NetlinkWriter) -> Void
    ) -> NetlinkRequest {
        netfilter(
            purpose, subsystem: NFNL_SUBSYS_NFTABLES, message: Int(message.rawValue), flags: flags, family: family, body
        )
    }

    static var transactionBegins: NetlinkRequest { transaction(NFNL_MSG_BATCH_BEGIN) }
    static var transactionEnds: NetlinkRequest { transaction(NFNL_MSG_BATCH_END) }

    private static func transaction(_ type: Int32) -> NetlinkRequest {
        NetlinkRequest("carry out a transaction", type: Int(type)) {
            $0.netfilterHeader(family: AF_UNSPEC, resource: UInt16(NFNL_SUBSYS_NFTABLES))
        }
    }
}

extension NetlinkWriter {
    /// `struct nfgenmsg` (linux/netfilter/nfnetlink.h).
    fileprivate mutating func netfilterHeader(family: Int32, resource: UInt16 = 0) {
        raw([UInt8(truncatingIfNeeded: family), UInt8(NFNETLINK_V0)])
        integer(resource.bigEndian)
    }
}
