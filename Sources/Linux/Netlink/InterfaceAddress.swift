import CLinux
import Glibc

/// An IPv4 address on a link, as the kernel describes it.
public struct InterfaceAddress: Sendable, Hashable {
    /// The link it is on.
    public let link: Int32
    /// The address, four bytes in network order.
    public let bytes: [UInt8]
    /// Bits of the network's prefix.
    public let prefix: Int

    /// Reads an `RTM_NEWADDR` message; nil for another family than IPv4.
    public init?(_ message: NetlinkMessage) throws(NetlinkError) {
        var reader = NetlinkReader(message.payload)
        let family = try reader.integer(UInt8.self, of: "an address's family")
        prefix = Int(try reader.integer(UInt8.self, of: "an address's prefix"))
        _ = try reader.take(2, of: "an address's flags")
        link = Int32(bitPattern: try reader.integer(UInt32.self, of: "an address's link"))
        let attributes = try reader.attributes()
        let local = attributes[Int(IFA_LOCAL)] ?? attributes[Int(IFA_ADDRESS)] ?? []
        guard family == UInt8(AF_INET), local.count == 4, prefix <= 32 else { return nil }
        bytes = Array(local)
    }
}

extension NetlinkSocket {
    /// The namespace's IPv4 addresses.
    public borrowing func addresses() throws(NetlinkError) -> [InterfaceAddress] {
        let request = NetlinkRequest("list addresses", type: RTM_GETADDR, flags: NLM_F_DUMP) {
            $0.addressHeader(prefix: 0, link: 0)
        }
        var addresses: [InterfaceAddress] = []
        for message in try query(request) {
            if let address = try InterfaceAddress(message) { addresses.append(address) }
        }
        return addresses
    }
}

extension NetlinkRequest {
    /// Puts an IPv4 address on a link; one that is there already stays.
    ///
    /// - Parameters:
    ///   - bytes: the address, four bytes in network order.
    ///   - prefix: bits of the network's prefix.
    ///   - broadcast: the network's broadcast address.
    public static func addAddress(_ bytes: [UInt8], prefix: Int, broadcast: [UInt8], link: Int32) -> NetlinkRequest {
        let text = bytes.map { String($0) }.joined(separator: ".")
        let flags = NLM_F_CREATE | NLM_F_REPLACE
        return NetlinkRequest("add address \(text)/\(prefix) to link #\(link)", type: RTM_NEWADDR, flags: flags) {
            $0.addressHeader(prefix: UInt8(clamping: prefix), link: link)
            $0.attribute(Int(IFA_LOCAL), bytes)
            $0.attribute(Int(IFA_ADDRESS), bytes)
            $0.attribute(Int(IFA_BROADCAST), broadcast)
        }
    }
}

extension NetlinkWriter {
    /// `struct ifaddrmsg` (rtnetlink(7)) of an IPv4 address.
    fileprivate mutating func addressHeader(prefix: UInt8, link: Int32) {
        raw([UInt8(AF_INET), prefix, 0, UInt8(RT_SCOPE_UNIVERSE.rawValue)])
        integer(link)
    }
}
