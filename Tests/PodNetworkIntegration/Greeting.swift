import Glibc
import Linux
import PodNetwork

/// Sends one byte by TCP from one namespace to another.
///
/// - Throws: `SystemError` when it does not arrive within two seconds.
func greet(_ address: IPv4Address, in server: borrowing NetworkNamespace, from client: borrowing NetworkNamespace)
    throws
{
    let listener = Descriptor(
        owning: try server.run {
            let stream = try Descriptor(owning: retrying("socket") { socket(AF_INET, streamType, 0) })
            let raw = stream.raw
            try withInternetAddress(nil) { name, size in try retrying("bind") { bind(raw, name, size) } }
            try retrying("listen") { listen(raw, 1) }
            return stream.release()
        })
    let listening = listener.raw
    try client.run {
        let stream = try Descriptor(owning: retrying("socket") { socket(AF_INET, streamType, 0) })
        let raw = stream.raw
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        try retrying("setsockopt") { setsockopt(raw, SOL_SOCKET, SO_SNDTIMEO, &limit, size) }
        try withInternetAddress(address) { name, size in try retrying("connect") { connect(raw, name, size) } }
        try stream.writeAll([42])
    }
    let connection = Descriptor(owning: try retrying("accept") { accept(listening, nil, nil) })
    guard try connection.readToEnd() == [42] else { throw SystemError("read", code: EIO) }
}

private let streamType = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

/// `struct sockaddr_in` of an address, or of any, and the port that the test uses in its own namespaces.
private func withInternetAddress(
    _ address: IPv4Address?, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void
) throws {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = UInt16(8080).bigEndian
    name.sin_addr.s_addr = (address?.bits ?? 0).bigEndian
    try withUnsafePointer(to: &name) {
        try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}
