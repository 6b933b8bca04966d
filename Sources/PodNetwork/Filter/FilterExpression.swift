import CLinux
import Glibc
import Linux

/// One step of a rule, as the kernel's nf_tables machine knows it: it loads something into a register, compares a
/// register and goes on only if that fits, or decides what becomes of the packet.
enum FilterExpression: Hashable {
    /// A property of the packet that is not in it: `NFT_META_*`.
    case meta(nft_meta_keys, into: Register)
    /// Bytes of the IPv4 header.
    case network(offset: Int, length: Int, into: Register)
    /// Bytes of the transport's header.
    case transport(offset: Int, length: Int, into: Register)
    /// What kind of address the destination is on this node: `RTN_*`.
    case kindOfDestination(into: Register)
    /// What connection tracking knows of the packet's connection: `IPS_*`.
    case connectionStatus(into: Register)
    /// Keeps the bits of a mask.
    case mask([UInt8], in: Register)
    /// Goes on if the register holds these bytes, or if it does not.
    case compare(Register, isEqual: Bool, [UInt8])
    /// Replaces a key by what a map has for it; ends the rule where it has nothing.
    case lookUp(String, key: Register, into: Register)
    /// Goes through another chain.
    case jump(String)
    /// Drops the packet.
    case drop
    /// Sends the connection to another address and port.
    case destination(address: Register, port: Register)
    /// Sends the connection in the node's own name.
    case masquerade(isPortRandom: Bool)

    /// Where a value of up to 16 bytes begins. A value of several fields, four bytes each, begins with its first.
    enum Register: UInt32 {
        /// The first four bytes of what `NFT_REG_1` holds.
        case first = 8
        case second, third
    }

    private var name: String {
        switch self {
        case .meta: "meta"
        case .network, .transport: "payload"
        case .kindOfDestination: "fib"
        case .connectionStatus: "ct"
        case .mask: "bitwise"
        case .compare: "cmp"
        case .lookUp: "lookup"
        case .jump, .drop: "immediate"
        case .destination: "nat"
        case .masquerade: "masq"
        }
    }

    /// Writes the step as an item of a rule's list.
    func write(to writer: inout NetlinkWriter) {
        writer.nested(NFTA_LIST_ELEM) {
            $0.attribute(Int(NFTA_EXPR_NAME.rawValue), text: name)
            $0.nested(NFTA_EXPR_DATA) { writeData(to: &$0) }
        }
    }

    private func writeData(to writer: inout NetlinkWriter) {
        switch self {
        case .meta(let key, let register):
            writer.number(NFTA_META_KEY, key.rawValue)
            writer.number(NFTA_META_DREG, register.rawValue)
        case .network(let offset, let length, let register):
            writePayload(NFT_PAYLOAD_NETWORK_HEADER, offset, length, register, &writer)
        case .transport(let offset, let length, let register):
            writePayload(NFT_PAYLOAD_TRANSPORT_HEADER, offset, length, register, &writer)
        case .kindOfDestination(let register):
            writer.number(NFTA_FIB_DREG, register.rawValue)
            writer.number(NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE.rawValue)
            writer.number(NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR.rawValue)
        case .connectionStatus(let register):
            writer.number(NFTA_CT_KEY, NFT_CT_STATUS.rawValue)
            writer.number(NFTA_CT_DREG, register.rawValue)
        case .mask(let bits, let register):
            writer.number(NFTA_BITWISE_SREG, register.rawValue)
            writer.number(NFTA_BITWISE_DREG, register.rawValue)
            writer.number(NFTA_BITWISE_LEN, UInt32(bits.count))
            writer.value(NFTA_BITWISE_MASK, bits)
            writer.value(NFTA_BITWISE_XOR, [UInt8](repeating: 0, count: bits.count))
        case .compare(let register, let isEqual, let bytes):
            writer.number(NFTA_CMP_SREG, register.rawValue)
            writer.number(NFTA_CMP_OP, (isEqual ? NFT_CMP_EQ : NFT_CMP_NEQ).rawValue)
            writer.value(NFTA_CMP_DATA, bytes)
        case .lookUp(let map, let key, let register):
            writer.attribute(Int(NFTA_LOOKUP_SET.rawValue), text: map)
            writer.number(NFTA_LOOKUP_SREG, key.rawValue)
            writer.number(NFTA_LOOKUP_DREG, register.rawValue)
        case .jump(let chain): writeVerdict(UInt32(bitPattern: NFT_JUMP.rawValue), chain, &writer)
        // NF_DROP
        case .drop: writeVerdict(0, nil, &writer)
        case .destination(let address, let port):
            writer.number(NFTA_NAT_TYPE, NFT_NAT_DNAT.rawValue)
            writer.number(NFTA_NAT_FAMILY, UInt32(AF_INET))
            writer.number(NFTA_NAT_REG_ADDR_MIN, address.rawValue)
            writer.number(NFTA_NAT_REG_PROTO_MIN, port.rawValue)
        case .masquerade(let isPortRandom):
            // NF_NAT_RANGE_PROTO_RANDOM_FULLY
            if isPortRandom { writer.number(NFTA_MASQ_FLAGS, 1 << 4) }
        }
    }

    private func writePayload(
        _ base: nft_payload_bases, _ offset: Int, _ length: Int, _ register: Register, _ writer: inout NetlinkWriter
    ) {
        writer.number(NFTA_PAYLOAD_DREG, register.rawValue)
        writer.number(NFTA_PAYLOAD_BASE, base.rawValue)
        writer.number(NFTA_PAYLOAD_OFFSET, UInt32(offset))
        writer.number(NFTA_PAYLOAD_LEN, UInt32(length))
    }

    private func writeVerdict(_ code: UInt32, _ chain: String?, _ writer: inout NetlinkWriter) {
        writer.number(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT.rawValue)
        writer.nested(NFTA_IMMEDIATE_DATA) {
            $0.nested(NFTA_DATA_VERDICT) {
                $0.number(NFTA_VERDICT_CODE, code)
                if let chain { $0.attribute(Int(NFTA_VERDICT_CHAIN.rawValue), text: chain) }
            }
        }
    }
}

extension FilterExpression {
    /// Goes on with packets that come in, or go out, by a link of this name, or by any other.
    static func link(_ key: nft_meta_keys, is isEqual: Bool = true, _ name: String) -> [FilterExpression] {
        // IFNAMSIZ
        let padded = (Array(name.utf8) + [UInt8](repeating: 0, count: 16)).prefix(16)
        return [.meta(key, into: .first), .compare(.first, isEqual: isEqual, Array(padded))]
    }

    /// Goes on with packets from a network, or from any other.
    static func source(is isEqual: Bool = true, _ subnet: IPv4Subnet) -> [FilterExpression] {
        address(offset: 12, isEqual, subnet)
    }

    /// Goes on with packets to a network, or to any other.
    static func destination(is isEqual: Bool = true, _ subnet: IPv4Subnet) -> [FilterExpression] {
        address(offset: 16, isEqual, subnet)
    }

    private static func address(offset: Int, _ isEqual: Bool, _ subnet: IPv4Subnet) -> [FilterExpression] {
        let mask = IPv4Address(bits: UInt32.max << (32 - subnet.prefix)).bytes
        return [
            .network(offset: offset, length: 4, into: .first), .mask(mask, in: .first),
            .compare(.first, isEqual: isEqual, subnet.address.bytes),
        ]
    }

    /// Goes on with packets whose destination is an address of this node.
    static var toThisNode: [FilterExpression] {
        // RTN_LOCAL, in the machine's order.
        [
            .kindOfDestination(into: .first),
            .compare(.first, isEqual: true, withUnsafeBytes(of: UInt32(2)) { Array($0) }),
        ]
    }

    /// Goes on with packets of connections that were sent elsewhere than they were addressed to.
    static var redirected: [FilterExpression] {
        // IPS_DST_NAT, in the machine's order.
        let bit = withUnsafeBytes(of: UInt32(1 << 5)) { Array($0) }
        return [
            .connectionStatus(into: .first), .mask(bit, in: .first),
            .compare(.first, isEqual: false, [0, 0, 0, 0]),
        ]
    }
}

extension NetlinkWriter {
    /// Appends a number, as nf_tables wants all of its: 32 bits in network order.
    mutating func number(_ type: some RawRepresentable<UInt32>, _ value: UInt32) {
        attribute(Int(type.rawValue), network: value)
    }

    /// Appends bytes that a register is to hold or to be compared with.
    mutating func value(_ type: some RawRepresentable<UInt32>, _ bytes: [UInt8]) {
        nested(type) { $0.attribute(Int(NFTA_DATA_VALUE.rawValue), bytes) }
    }

    /// Appends one attribute made of what `body` writes.
    mutating func nested(_ type: some RawRepresentable<UInt32>, _ body: (inout NetlinkWriter) -> Void) {
        nested(Int(type.rawValue), body)
    }
}
