import Glibc
import Linux

extension IPv4Address {
    /// The address that this machine sends from when nothing nearer says otherwise; nil without a default route. Sends
    /// nothing: a datagram socket that is connected has only chosen its way.
    public static func ofDefaultRoute() -> IPv4Address? {
        let number = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if number < 0 { return nil }
        let socket = Descriptor(owning: number)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(9).bigEndian
        // For documentation, and on no network (RFC 5737).
        address.sin_addr.s_addr = UInt32(0xC000_0201).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket.raw, $0, length) == 0 && getsockname(socket.raw, $0, &length) == 0
            }
        }
        return isKnown ? IPv4Address(bits: UInt32(bigEndian: address.sin_addr.s_addr)) : nil
    }
}
