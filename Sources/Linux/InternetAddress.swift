import Glibc

/// An address of the internet, and a port.
public struct InternetAddress: Sendable {
    private let storage: sockaddr_storage
    private let length: socklen_t

    /// Reads an IPv4 or IPv6 address in figures; nil for a name.
    public init?(figures: String, port: UInt16) {
        var storage = sockaddr_storage()
        let length = withUnsafeMutableBytes(of: &storage) { bytes -> Int in
            guard let base = bytes.baseAddress else { return 0 }
            let four = base.assumingMemoryBound(to: sockaddr_in.self)
            if inet_pton(AF_INET, figures, &four.pointee.sin_addr) == 1 {
                four.pointee.sin_family = sa_family_t(AF_INET)
                four.pointee.sin_port = port.bigEndian
                return MemoryLayout<sockaddr_in>.size
            }
            let six = base.assumingMemoryBound(to: sockaddr_in6.self)
            guard inet_pton(AF_INET6, figures, &six.pointee.sin6_addr) == 1 else { return 0 }
            six.pointee.sin6_family = sa_family_t(AF_INET6)
            six.pointee.sin6_port = port.bigEndian
            return MemoryLayout<sockaddr_in6>.size
        }
        if length == 0 { return nil }
        (self.storage, self.length) = (storage, socklen_t(length))
    }

    /// Where a name leads, in the order to be tried; empty when it means nothing here. Blocks.
    public static func lookUp(_ name: String, port: UInt16) -> [InternetAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, String(port), &hints, &found) == 0 else { return [] }
        defer { freeaddrinfo(found) }
        return sequence(first: found) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { entry in
            entry.flatMap { InternetAddress($0.pointee) }
        }
    }

    private init?(_ entry: addrinfo) {
        var storage = sockaddr_storage()
        guard let address = entry.ai_addr, Int(entry.ai_addrlen) <= MemoryLayout.size(ofValue: storage) else {
            return nil
        }
        memcpy(&storage, address, Int(entry.ai_addrlen))
        (self.storage, length) = (storage, entry.ai_addrlen)
    }

    /// A kind of address: AF_INET or AF_INET6.
    var family: Int32 { Int32(storage.ss_family) }

    /// Lends the address to a call.
    func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
