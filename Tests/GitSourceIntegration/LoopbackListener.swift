import Glibc
import Linux

/// A TCP socket on a free port of the loopback address.
final class LoopbackListener: Sendable {
    let port: UInt16
    private let socket: Descriptor

    /// - Parameter isListening: false for a port that refuses connections.
    init(isListening: Bool = true) throws {
        let number = try retrying("socket") {
            Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        socket = Descriptor(owning: number)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                try retrying("bind") { bind(number, generic, length) }
                try retrying("getsockname") { getsockname(number, generic, &length) }
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        if isListening { try retrying("listen") { listen(number, 8) } }
    }

    /// Waits for a connection.
    func accept() throws(SystemError) -> Descriptor {
        let number = socket.raw
        return Descriptor(owning: try retrying("accept") { Glibc.accept(number, nil, nil) })
    }

    /// Makes `accept` fail, now and from now on.
    func stop() { shutdown(socket.raw, Int32(SHUT_RDWR)) }
}
