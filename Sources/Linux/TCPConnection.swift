import CLinux
import Glibc

/// A TCP connection for one short conversation that must be over in time. It never blocks: who has to wait waits on the
/// poller, and best runs there.
public struct TCPConnection: ~Copyable, Sendable {
    /// The time is up.
    public struct TimedOut: Error, Hashable {}

    private let descriptor: Descriptor
    private let poller: Poller
    private let deadline: BootInstant

    /// Connects.
    ///
    /// - Parameters:
    ///   - limit: how long connecting may take.
    ///   - deadline: how long the conversation may take, connecting included.
    /// - Throws: `SystemError`, `TimedOut`, `CancellationError`.
    public static func connect(
        to address: InternetAddress, connectingUntil limit: BootInstant, until deadline: BootInstant,
        on poller: Poller
    ) async throws -> TCPConnection {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = Descriptor(owning: try retrying("socket") { socket(address.family, kind, 0) })
        try await establish(descriptor.raw, address, until: limit, on: poller)
        return TCPConnection(descriptor: descriptor, poller: poller, deadline: deadline)
    }

    private init(descriptor: consuming Descriptor, poller: Poller, deadline: BootInstant) {
        self.descriptor = descriptor
        self.poller = poller
        self.deadline = deadline
    }

    private static func establish(
        _ raw: Int32, _ address: InternetAddress, until limit: BootInstant, on poller: Poller
    ) async throws {
        let code = address.withAddress { Glibc.connect(raw, $0, $1) == 0 ? 0 : errno }
        if code == 0 { return }
        // Interrupted, it goes on all the same.
        guard code == EINPROGRESS || code == EINTR else { throw SystemError("connect", code: code) }
        // In a Pod of this node the answer came with the call.
        var state = pollfd(fd: raw, events: Int16(POLLOUT), revents: 0)
        if poll(&state, 1, 0) != 1 {
            guard try await poller.wait(for: raw, toBe: .writable, until: limit) else { throw TimedOut() }
        }
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        try retrying("getsockopt(SO_ERROR)") { getsockopt(raw, SOL_SOCKET, SO_ERROR, &failure, &size) }
        if failure != 0 { throw SystemError("connect", code: failure) }
    }

    /// Sends all of `bytes`.
    ///
    /// - Throws: `SystemError`, `TimedOut`, `CancellationError`.
    public borrowing func send(_ bytes: [UInt8]) async throws {
        let raw = descriptor.raw
        var rest = bytes[...]
        while true {
            let count = rest.withUnsafeBytes { Glibc.send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            let code = count < 0 ? errno : 0
            if code != 0, code != EAGAIN, code != EINTR { throw SystemError("send", code: code) }
            rest = rest.dropFirst(max(0, count))
            if rest.isEmpty { return }
            guard try await poller.wait(for: raw, toBe: .writable, until: deadline) else { throw TimedOut() }
        }
    }

    /// Waits for more to come.
    ///
    /// - Returns: what came, at most `limit` bytes; nothing when the peer says no more.
    /// - Throws: `SystemError`, `TimedOut`, `CancellationError`.
    public borrowing func receive(atMost limit: Int = 4 << 10) async throws -> [UInt8] {
        let raw = descriptor.raw
        while true {
            guard try await poller.wait(for: raw, toBe: .readable, until: deadline) else { throw TimedOut() }
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                let received = recv(raw, buffer.baseAddress, buffer.count, 0)
                if received < 0 { failure = errno }
                count = max(0, received)
            }
            if failure == 0 { return bytes }
            if failure != EAGAIN, failure != EINTR { throw SystemError("recv", code: failure) }
        }
    }
}
