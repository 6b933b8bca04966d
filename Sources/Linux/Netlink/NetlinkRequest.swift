import CLinux

/// One request to the kernel, ready but for its sequence number.
public struct NetlinkRequest: Sendable, Hashable {
    /// What it is for, in words that follow "cannot": `create bridge rec0`.
    public let purpose: String
    let type: Int
    let flags: Int32
    let payload: [UInt8]

    /// - Parameters:
    ///   - purpose: what it is for, in words that follow "cannot".
    ///   - type: `RTM_*`.
    ///   - flags: `NLM_F_*`; `NLM_F_REQUEST` is added, and `NLM_F_ACK` where it is no dump.
    ///   - body: writes what follows the header.
    public init(_ purpose: String, type: Int, flags: Int32 = 0, _ body: (inout NetlinkWriter) -> Void) {
        var writer = NetlinkWriter()
        body(&writer)
        self.purpose = purpose
        self.type = type
        self.flags = flags | NLM_F_REQUEST | (flags & NLM_F_DUMP == NLM_F_DUMP ? 0 : NLM_F_ACK)
        payload = writer.bytes
    }

    /// The request's bytes on the socket, padded so that another can follow.
    ///
    /// - Parameter isAcknowledged: whether the kernel is to say so when it was carried out; nil as the request says.
    public func encoded(sequence: UInt32, isAcknowledged: Bool? = nil) -> [UInt8] {
        let flags = isAcknowledged.map { $0 ? self.flags | NLM_F_ACK : self.flags & ~NLM_F_ACK } ?? self.flags
        var writer = NetlinkWriter()
        writer.integer(UInt32(NetlinkMessage.headerSize + payload.count))
        writer.integer(UInt16(truncatingIfNeeded: type))
        writer.integer(UInt16(truncatingIfNeeded: flags))
        writer.integer(sequence)
        writer.integer(UInt32(0))
        writer.raw(payload)
        writer.raw([UInt8](repeating: 0, count: (4 - payload.count % 4) % 4))
        return writer.bytes
    }
}
