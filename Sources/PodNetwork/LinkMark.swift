import Linux

/// The alias that says whose a link is: without it nothing is adopted, changed or removed.
///
/// A bridge carries `reconcile-agent:<instance>`, a Pod's link `reconcile-agent:<instance>:<address>:<pod>`. The
/// address is there so that the pool knows it as long as the link lives, even when the Pod's record is gone.
enum LinkMark: Hashable {
    case bridge
    case pod(key: String, address: IPv4Address)

    func alias(of instance: String) -> String {
        switch self {
        case .bridge: "reconcile-agent:\(instance)"
        case .pod(let key, let address): "reconcile-agent:\(instance):\(address):\(key)"
        }
    }

    /// Reads a link's alias; nil when the link is not ours.
    init?(alias: String?, instance: String) {
        guard let alias else { return nil }
        let parts = alias.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "reconcile-agent", parts[1] == instance else { return nil }
        switch parts.count {
        case 2: self = .bridge
        case 4:
            guard let address = IPv4Address(String(parts[2])), !parts[3].isEmpty else { return nil }
            self = .pod(key: String(parts[3]), address: address)
        default: return nil
        }
    }
}

/// Names and addresses that follow from what they are for, so that a crash cannot lose them.
enum DerivedName {
    /// The node's end of a Pod's link: `rec` and eleven hexadecimal digits, as long as a link's name may be.
    static func podLink(_ key: String, instance: String) -> String { link("pod:\(instance):\(key)") }

    /// The name under which a bridge is made and marked before it gets the name people know.
    static func unfinishedBridge(_ bridge: String, instance: String) -> String { link("bridge:\(instance):\(bridge)") }

    /// The bridge's MAC address: locally administered, never multicast, the same after every boot.
    static func hardwareAddress(ofBridge bridge: String, instance: String) -> [UInt8] {
        let hash = fnv1a("mac:\(instance):\(bridge)")
        return [0x02] + (0..<5).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
    }

    /// A Pod's MAC address, made of its IP address (as kubenet did): whoever remembers the previous owner of the IP
    /// address still reaches the new one, and no gratuitous ARP is needed.
    static func hardwareAddress(ofPod address: IPv4Address) -> [UInt8] { [0x0a, 0x58] + address.bytes }

    private static func link(_ text: String) -> String {
        let hash = fnv1a(text)
        let digits = String((hash >> 44 ^ hash) & 0xfff_ffff_ffff, radix: 16)
        return "rec" + String(repeating: "0", count: 11 - digits.count) + digits
    }

    /// FNV-1a, 64 bits. Enough for names: a collision is found by the mark and refused.
    private static func fnv1a(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
