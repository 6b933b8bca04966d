import CLinux
import Glibc

/// A connected Unix stream socket that carries descriptors beside its bytes.
public struct UnixSocket: ~Copyable, Sendable {
    /// The connection.
    public let descriptor: Descriptor

    /// Connects to the socket called `name` in `directory`, however long the directory's path is.
    public init(connectingTo name: String, in directory: String) throws(SystemError) {
        descriptor = Descriptor(
            owning: try retrying("connect", "\(directory)/\(name)") { clinux_connect_in(directory, name) })
    }

    /// Sends all of `bytes`; `descriptors` ride along with the first of them. Blocks while the peer's buffer is full.
    public borrowing func send(_ bytes: [UInt8], descriptors: [Int32] = []) throws(SystemError) {
        let socket = descriptor.raw
        var sent: Int = try retrying("sendmsg") {
            bytes.withUnsafeBytes { clinux_send(socket, $0.baseAddress, $0.count, descriptors, descriptors.count, 0) }
        }
        while sent < bytes.count {
            sent += try retrying("sendmsg") { () -> Int in
                bytes[sent...].withUnsafeBytes { clinux_send(socket, $0.baseAddress, $0.count, nil, 0, 0) }
            }
        }
    }

    /// Sends what the peer's buffer takes now, without waiting; `descriptors` ride along with the first byte.
    ///
    /// - Returns: how many bytes went; 0 when the buffer is full.
    public borrowing func sendSome(_ bytes: ArraySlice<UInt8>, descriptors: [Int32] = []) throws(SystemError) -> Int {
        let socket = descriptor.raw
        do {
            return try retrying("sendmsg") { () -> Int in
                bytes.withUnsafeBytes {
                    clinux_send(
                        socket, $0.baseAddress, $0.count, descriptors, descriptors.count, clinux_dont_wait())
                }
            }
        } catch {
            if error.code == EAGAIN { return 0 }
            throw error
        }
    }

    /// Blocks the calling thread until the peer has read some of what was sent, or the time is up.
    ///
    /// - Returns: false when the time was up.
    public borrowing func waitUntilWritable(atMost timeout: Duration) throws(SystemError) -> Bool {
        let milliseconds = timeout.components.seconds * 1000 + timeout.components.attoseconds / 1_000_000_000_000_000
        var poll = pollfd(fd: descriptor.raw, events: Int16(POLLOUT), revents: 0)
        return try retrying("poll") { Glibc.poll(&poll, 1, Int32(clamping: max(0, milliseconds))) } > 0
    }

    /// Ends the conversation for both sides, while the descriptor stays open.
    public borrowing func shutDown() { shutdown(descriptor.raw, Int32(SHUT_RDWR)) }

    /// How many bytes are received at once, at most: with fewer all was received that was there, or all up to a descriptor.
    public static let mostReceived = 16 << 10

    /// Receives what is there, without waiting.
    ///
    /// - Returns: the bytes and descriptors; nil when nothing is there; no bytes at all when the peer is gone.
    public borrowing func receive() throws(SystemError) -> (bytes: [UInt8], descriptors: [Int32])? {
        let socket = descriptor.raw
        var bytes: [UInt8] = []
        var failure: Int32 = 0
        let descriptors = [Int32](unsafeUninitializedCapacity: 16) { numbers, count in
            count = numbers.count
            bytes = withUnsafeTemporaryAllocation(byteCount: Self.mostReceived, alignment: 1) { buffer in
                let received = clinux_receive(
                    socket, buffer.baseAddress, buffer.count, numbers.baseAddress, &count, clinux_dont_wait())
                if received < 0 { failure = errno }
                return Array(buffer.prefix(max(0, received)))
            }
        }
        if failure == EAGAIN { return nil }
        if failure != 0 { throw SystemError("recvmsg", code: failure) }
        return (bytes, descriptors)
    }
}
