import CLinux
import Glibc

/// One way of a connection that the kernel tracks: from whom to whom.
public struct FlowTuple: Sendable, Hashable {
    /// The sender's address, four bytes in network order.
    public let source: [UInt8]
    /// The receiver's address, four bytes in network order.
    public let destination: [UInt8]
    /// The transport, `IPPROTO_*`.
    public let transport: UInt8
    /// The sender's port; 0 for a transport without ports.
    public let sourcePort: UInt16
    /// The receiver's port; 0 for a transport without ports.
    public let destinationPort: UInt16

    /// One way of a connection.
    public init(
        source: [UInt8], destination: [UInt8], transport: UInt8, sourcePort: UInt16, destinationPort: UInt16
    ) {
        self.source = source
        self.destination = destination
        self.transport = transport
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }

    init?(_ attributes: NetlinkAttributes) throws(NetlinkError) {
        let addresses = try attributes.nested(Int(CTA_TUPLE_IP.rawValue))
        let ports = try attributes.nested(Int(CTA_TUPLE_PROTO.rawValue))
        guard let source = addresses[Int(CTA_IP_V4_SRC.rawValue)], source.count == 4,
            let destination = addresses[Int(CTA_IP_V4_DST.rawValue)], destination.count == 4,
            let transport = ports.integer(Int(CTA_PROTO_NUM.rawValue), as: UInt8.self)
        else { return nil }
        self.source = Array(source)
        self.destination = Array(destination)
        self.transport = transport
        sourcePort = ports.integer(Int(CTA_PROTO_SRC_PORT.rawValue), as: UInt16.self)?.bigEndian ?? 0
        destinationPort = ports.integer(Int(CTA_PROTO_DST_PORT.rawValue), as: UInt16.self)?.bigEndian ?? 0
    }
}

/// An IPv4 connection, or what stands for one in UDP, that the kernel tracks: its packets go where its first one went.
public struct TrackedFlow: Sendable, Hashable {
    /// What was sent first.
    public let original: FlowTuple
    /// What is expected as its answer; who answers is whom it was sent to in truth.
    public let reply: FlowTuple
    /// What names it to the kernel.
    private let identity: [Int: [UInt8]]

    /// Reads an `IPCTNL_MSG_CT_NEW` message; nil for another family than IPv4.
    public init?(_ message: NetlinkMessage) throws(NetlinkError) {
        var reader = NetlinkReader(message.payload)
        _ = try reader.take(4, of: "a connection's family")
        let attributes = try reader.attributes()
        guard let original = try FlowTuple(attributes.nested(Int(CTA_TUPLE_ORIG.rawValue))),
            let reply = try FlowTuple(attributes.nested(Int(CTA_TUPLE_REPLY.rawValue)))
        else { return nil }
        self.original = original
        self.reply = reply
        var identity: [Int: [UInt8]] = [:]
        for part in [CTA_TUPLE_ORIG, CTA_ZONE, CTA_ID] {
            if let bytes = attributes[Int(part.rawValue)] { identity[Int(part.rawValue)] = Array(bytes) }
        }
        self.identity = identity
    }

    /// Forgets it: its next packet is taken for the first of another.
    public var forgetting: NetlinkRequest {
        .netfilter(
            "forget a tracked connection", subsystem: NFNL_SUBSYS_CTNETLINK, message: Int(IPCTNL_MSG_CT_DELETE.rawValue)
        ) {
            for (part, bytes) in identity.sorted(by: { $0.key < $1.key }) { $0.attribute(part, bytes) }
        }
    }
}

extension NetlinkSocket {
    /// The tracked connections of a transport to a port, wherever to.
    ///
    /// To be asked of a netfilter socket.
    ///
    /// - Parameter transport: `IPPROTO_*`.
    public borrowing func trackedFlows(to port: UInt16, transport: UInt8) throws(NetlinkError) -> [TrackedFlow] {
        // nf_internals.h: CTA_FILTER_F_CTA_PROTO_NUM, CTA_FILTER_F_CTA_PROTO_DST_PORT
        let compared = UInt32(1 << 3 | 1 << 5)
        let request = NetlinkRequest.netfilter(
            "list tracked connections", subsystem: NFNL_SUBSYS_CTNETLINK, message: Int(IPCTNL_MSG_CT_GET.rawValue),
            flags: NLM_F_DUMP
        ) {
            $0.nested(Int(CTA_TUPLE_ORIG.rawValue)) {
                $0.nested(Int(CTA_TUPLE_PROTO.rawValue)) {
                    $0.attribute(Int(CTA_PROTO_NUM.rawValue), integer: transport)
                    $0.attribute(Int(CTA_PROTO_DST_PORT.rawValue), network: port)
                }
            }
            $0.nested(Int(CTA_FILTER.rawValue)) {
                $0.attribute(Int(CTA_FILTER_ORIG_FLAGS.rawValue), integer: compared)
                $0.attribute(Int(CTA_FILTER_REPLY_FLAGS.rawValue), integer: UInt32(0))
            }
        }
        var flows: [TrackedFlow] = []
        for message in try query(request) {
            guard let flow = try TrackedFlow(message), flow.original.transport == transport,
                flow.original.destinationPort == port
            else { continue }
            flows.append(flow)
        }
        return flows
    }
}
