/// A program of the node that waits for others at a port.
public struct PortListener: Sendable, Hashable {
    /// The transport.
    public let transport: PortTransport
    /// The address it waits at; nil for every one.
    public let address: IPv4Address?
    /// The port's number.
    public let number: UInt16

    /// A listener.
    public init(_ transport: PortTransport, _ number: UInt16, at address: IPv4Address? = nil) {
        self.transport = transport
        self.address = address
        self.number = number
    }

    /// Whether it would wait in vain once a port is published.
    public func isHidden(by port: NodePort) -> Bool {
        transport == port.transport && number == port.number
            && (address == nil || port.address == nil || address == port.address)
    }

    /// The listeners of one of the kernel's lists (proc(5), `/proc/net/tcp` and its kin); what is no list has none.
    ///
    /// Of an IPv6 address only those count that take IPv4 too.
    public static func read(_ transport: PortTransport, list: some StringProtocol) -> [PortListener] {
        list.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", maxSplits: 4)
            // TCP_LISTEN, and TCP_CLOSE for a socket of UDP that is connected to nobody.
            guard fields.count > 3, fields[3] == (transport == .tcp ? "0A" : "07") else { return nil }
            let place = fields[1].split(separator: ":")
            guard place.count == 2, let number = UInt16(place[1], radix: 16), number > 0 else { return nil }
            let words = stride(from: 0, to: place[0].count, by: 8).map { place[0].dropFirst($0).prefix(8) }
                .compactMap { UInt32($0, radix: 16) }
            switch words.count {
            case 1: return PortListener(transport, number, at: address(words[0]))
            case 4 where words == [0, 0, 0, 0]: return PortListener(transport, number)
            // ::ffff:a.b.c.d; its third word is 0x0000ffff in network order.
            case 4 where words.prefix(2) == [0, 0] && words[2].bigEndian == 0xffff:
                return PortListener(transport, number, at: address(words[3]))
            default: return nil
            }
        }
    }

    private static func address(_ word: UInt32) -> IPv4Address? {
        word == 0 ? nil : IPv4Address(bits: UInt32(bigEndian: word))
    }
}
