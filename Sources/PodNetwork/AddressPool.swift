/// Chooses addresses for Pods. Remembers nothing: what is in use is told by the Pods' records and by the links still
/// there, so no crash can leak an address or give it away twice.
public struct AddressPool: Sendable, Hashable {
    /// Where addresses come from.
    public let subnet: IPv4Subnet

    /// A pool over the hosts of a network, without the gateway's address.
    public init(_ subnet: IPv4Subnet) { self.subnet = subnet }

    /// The first free address after `last`, going round at the end, so that a just freed one is used last: neighbours
    /// may still hold what they knew about it.
    ///
    /// - Parameters:
    ///   - last: the address given out most recently; nil when unknown.
    ///   - isInUse: says so of the addresses of all records and of all links still there.
    /// - Returns: never the network's, the gateway's or the broadcast address; nil when every host is in use.
    public func next(after last: IPv4Address?, isInUse: (IPv4Address) -> Bool) -> IPv4Address? {
        guard let hosts else { return nil }
        let start: UInt32 =
            if let last, hosts.contains(last.bits), last.bits < hosts.upperBound { last.bits + 1 } else {
                hosts.lowerBound
            }
        func isFree(_ bits: UInt32) -> Bool { !isInUse(IPv4Address(bits: bits)) }
        let bits = (start...hosts.upperBound).first(where: isFree) ?? hosts.first(where: isFree)
        return bits.map { IPv4Address(bits: $0) }
    }

    /// How many Pods can have an address at the same time.
    public var capacity: Int { hosts?.count ?? 0 }

    private var hosts: ClosedRange<UInt32>? {
        guard subnet.prefix <= 30 else { return nil }
        let first = subnet.gateway.bits + 1
        let last = subnet.broadcast.bits - 1
        return first <= last ? first...last : nil
    }
}
