/// An IPv4 network, such as `10.88.0.0/16`.
public struct IPv4Subnet: Hashable, Sendable, LosslessStringConvertible {
    /// The network's own address: the one whose host bits are zero.
    public let address: IPv4Address
    /// Bits of the prefix, 0 to 32.
    public let prefix: Int

    /// The network that an address with a prefix lies in; nil when the prefix is not 0 to 32.
    public init?(containing address: IPv4Address, prefix: Int) {
        guard (0...32).contains(prefix) else { return nil }
        self.prefix = prefix
        // A shift by 32 yields zero in Swift: the smart shift.
        self.address = IPv4Address(bits: address.bits & (UInt32.max << (32 - prefix)))
    }

    /// Reads `address/prefix`; nil for anything else, an address with host bits set included.
    public init?(_ description: String) {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Address(String(parts[0])), let prefix = Int(parts[1]),
            String(prefix) == parts[1], let subnet = IPv4Subnet(containing: address, prefix: prefix),
            subnet.address == address
        else { return nil }
        self = subnet
    }

    /// The address whose host bits are all one.
    public var broadcast: IPv4Address { IPv4Address(bits: address.bits | ~(UInt32.max << (32 - prefix))) }

    /// The first host's address: the node's own, by which Pods leave the network.
    public var gateway: IPv4Address { IPv4Address(bits: address.bits &+ 1) }

    /// True when `other` lies within.
    public func contains(_ other: IPv4Address) -> Bool { address <= other && other <= broadcast }

    /// True when an address lies in both.
    public func overlaps(_ other: IPv4Subnet) -> Bool { contains(other.address) || other.contains(address) }

    /// `10.88.0.0/16`.
    public var description: String { "\(address)/\(prefix)" }
}
