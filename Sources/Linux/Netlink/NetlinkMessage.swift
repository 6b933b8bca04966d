import CLinux

/// One message of the kernel: the header's fields and the bytes after it.
public struct NetlinkMessage: Sendable, Hashable {
    /// `NLMSG_*` or `RTM_*`.
    public let type: Int
    /// `NLM_F_*`.
    public let flags: Int32
    /// The sequence number of the request this answers.
    public let sequence: UInt32
    /// The port of the socket whose request this answers or tells of.
    public let port: UInt32
    /// What follows the header.
    public let payload: ArraySlice<UInt8>

    /// Bytes of a header.
    static let headerSize = 16

    /// Splits one datagram into its messages.
    ///
    /// - Throws: `NetlinkError.malformed` when a message claims less than its header or more than there is.
    public static func parse(_ datagram: ArraySlice<UInt8>) throws(NetlinkError) -> [NetlinkMessage] {
        var reader = NetlinkReader(datagram)
        var messages: [NetlinkMessage] = []
        while !reader.isAtEnd {
            let length = Int(try reader.integer(UInt32.self, of: "a message's length"))
            let type = Int(try reader.integer(UInt16.self, of: "a message's type"))
            let flags = Int32(try reader.integer(UInt16.self, of: "a message's flags"))
            let sequence = try reader.integer(UInt32.self, of: "a message's sequence number")
            let port = try reader.integer(UInt32.self, of: "a message's port")
            let payload = try reader.take(length - headerSize, of: "message of type \(type)")
            reader.align(after: length)
            messages.append(
                NetlinkMessage(type: type, flags: flags, sequence: sequence, port: port, payload: payload))
        }
        return messages
    }

    /// What a message means to the one who waits for an answer.
    public enum Meaning: Sendable, Hashable {
        /// The request was carried out.
        case acknowledged
        /// The request was refused: errno and the kernel's explanation, where it gives one.
        case refused(code: Int32, explanation: String?)
        /// The last message of a dump.
        case done
        /// An object.
        case object
        /// Nothing to act on.
        case nothing
    }

    /// Tells an object from an acknowledgement, a refusal and the end of a dump.
    public func meaning() throws(NetlinkError) -> Meaning {
        switch Int32(type) {
        case NLMSG_ERROR: return try verdict(echoesRequest: true)
        case NLMSG_DONE: return try payload.isEmpty ? .done : verdict(echoesRequest: false)
        case NLMSG_NOOP, NLMSG_OVERRUN: return .nothing
        default: return .object
        }
    }

    /// Reads `struct nlmsgerr` (netlink(7)): a negated errno, the request's header, perhaps the rest of the request,
    /// then attributes. The end of a dump carries the errno and the attributes alone.
    private func verdict(echoesRequest: Bool) throws(NetlinkError) -> Meaning {
        var reader = NetlinkReader(payload)
        let code = try reader.integer(Int32.self, of: "an acknowledgement")
        guard code < 0 else { return echoesRequest ? .acknowledged : .done }
        if echoesRequest {
            let length = Int(try reader.integer(UInt32.self, of: "a refused request's length"))
            let echoed = flags & NLM_F_CAPPED != 0 ? Self.headerSize : (length + 3) & ~3
            _ = try reader.take(echoed - 4, of: "a refused request's echo")
        }
        var explanation: String?
        if flags & NLM_F_ACK_TLVS != 0 { explanation = try reader.attributes().text(Int(NLMSGERR_ATTR_MSG.rawValue)) }
        // The smallest Int32 has no negation.
        return .refused(code: code == .min ? .max : -code, explanation: explanation)
    }
}
