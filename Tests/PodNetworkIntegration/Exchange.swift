import Glibc
import Linux
import PodNetwork

/// A socket inside a namespace that waits for one caller, and answers him.
struct Answerer: ~Copyable {
    private let socket: Descriptor
    private let transport: PortTransport

    /// Waits at a port of every address of the namespace.
    init(_ port: UInt16, by transport: PortTransport = .tcp, in namespace: borrowing NetworkNamespace) throws {
        self.transport = transport
        socket = Descriptor(
            owning: try namespace.run {
                let socket = try internetSocket(transport)
                let raw = socket.raw
                try withInternetAddress(nil, port) { name, size in try retrying("bind") { bind(raw, name, size) } }
                if transport == .tcp { try retrying("listen") { listen(raw, 4) } }
                return socket.release()
            })
    }

    /// Hears one byte and sends it back.
    ///
    /// - Returns: whom it came from.
    func answer() throws -> IPv4Address {
        let raw = socket.raw
        var peer = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let transport = transport
        try withUnsafeMutablePointer(to: &peer) {
            try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                var byte: UInt8 = 0
                if transport == .udp {
                    _ = try retrying("recvfrom") { Int32(recvfrom(raw, &byte, 1, 0, peer, &size)) }
                    _ = try retrying("sendto") { Int32(sendto(raw, &byte, 1, 0, peer, size)) }
                    return
                }
                let connection = Descriptor(owning: try retrying("accept") { accept(raw, peer, &size) })
                _ = try retrying("recv") { Int32(recv(connection.raw, &byte, 1, 0)) }
                try connection.writeAll([byte])
            }
        }
        return IPv4Address(bits: UInt32(bigEndian: peer.sin_addr.s_addr))
    }
}

/// A socket inside a namespace that calls a port.
struct Caller: ~Copyable {
    private let socket: Descriptor

    /// Calls.
    ///
    /// - Throws: `SystemError` when nobody is there within two seconds.
    init(
        _ address: IPv4Address, _ port: UInt16, by transport: PortTransport = .tcp,
        in namespace: borrowing NetworkNamespace
    ) throws {
        socket = Descriptor(
            owning: try namespace.run {
                let socket = try internetSocket(transport)
                let raw = socket.raw
                try withInternetAddress(address, port) { name, size in
                    try retrying("connect") { connect(raw, name, size) }
                }
                return socket.release()
            })
    }

    /// Sends one byte.
    func speak() throws { try socket.writeAll([42]) }

    /// Whether the byte came back.
    func hears() throws -> Bool {
        var byte: UInt8 = 0
        let raw = socket.raw
        return try retrying("recv") { Int32(recv(raw, &byte, 1, 0)) } == 1 && byte == 42
    }
}

/// Calls a port, and is answered by somebody.
///
/// - Returns: the caller as the answering socket sees him.
/// - Throws: `SystemError` when the call does not get there within two seconds.
@discardableResult
func call(
    _ address: IPv4Address, _ port: UInt16, by transport: PortTransport = .tcp,
    from client: borrowing NetworkNamespace, answeredBy answerer: borrowing Answerer
) throws -> IPv4Address {
    let caller = try Caller(address, port, by: transport, in: client)
    try caller.speak()
    let source = try answerer.answer()
    guard try caller.hears() else { throw SystemError("recv", code: EIO) }
    return source
}

private func internetSocket(_ transport: PortTransport) throws -> Descriptor {
    let kind = Int32((transport == .tcp ? SOCK_STREAM : SOCK_DGRAM).rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let stream = try Descriptor(owning: retrying("socket") { socket(AF_INET, kind, 0) })
    var limit = timeval(tv_sec: 2, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    var on: Int32 = 1
    let raw = stream.raw
    try retrying("setsockopt") { setsockopt(raw, SOL_SOCKET, SO_SNDTIMEO, &limit, size) }
    try retrying("setsockopt") { setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &limit, size) }
    try retrying("setsockopt") { setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size)) }
    return stream
}

/// `struct sockaddr_in` of an address, or of any.
private func withInternetAddress(
    _ address: IPv4Address?, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
) throws {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = (address?.bits ?? 0).bigEndian
    try withUnsafePointer(to: &name) {
        try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
