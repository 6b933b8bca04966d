import Glibc

/// What a subscribed netlink socket has to tell.
enum NetlinkNews {
    /// One datagram of messages.
    case datagram(ArraySlice<UInt8>)
    /// The kernel dropped some: the reader was too slow (netlink(7), ENOBUFS).
    case dropped

    /// No datagram is longer: the kernel fills at most 32 KiB at a time.
    private static let mostBytes = 64 << 10

    /// Takes the next piece of news off a socket; nil when there is none. Never waits.
    static func next(from socket: borrowing Descriptor) throws(NetlinkError) -> NetlinkNews? {
        let raw = socket.raw
        var buffer = [UInt8](repeating: 0, count: mostBytes)
        do {
            let count = try retrying("recv(netlink)") {
                buffer.withUnsafeMutableBytes { recv(raw, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
            }
            return .datagram(buffer.prefix(count))
        } catch {
            switch error.code {
            case EAGAIN: return nil
            case ENOBUFS: return .dropped
            default: throw .system(error)
            }
        }
    }
}
