import Glibc
import Linux
import Synchronization

/// What a process writes into a pipe: the beginning is kept, the rest is read and dropped, so that nobody has to wait.
final class CappedOutput: Sendable {
    private let descriptor: Descriptor
    private let limit: Int
    private let poller: Poller
    private let state = Mutex((bytes: [UInt8](), registration: Poller.Registration?.none))

    /// Reads from now on.
    ///
    /// - Parameter limit: how many bytes are kept.
    init(_ descriptor: consuming Descriptor, limit: Int, poller: Poller) throws(SystemError) {
        try descriptor.setNonBlocking()
        self.descriptor = descriptor
        self.limit = limit
        self.poller = poller
        let registration = try poller.add(self.descriptor.raw) { [self] in read() }
        state.withLock { $0.registration = registration }
    }

    /// What was written so far.
    var text: String {
        read()
        return state.withLock { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Reads no more, though somebody may still hold the pipe's other end. To be called once it is not needed.
    func end() {
        let registration = state.withLock { state in
            defer { state.registration = nil }
            return state.registration
        }
        if let registration { poller.remove(registration, descriptor: descriptor.raw) }
    }

    private func read() {
        let hasEnded = state.withLock { state in
            var chunk = [UInt8](repeating: 0, count: 4 << 10)
            while true {
                let count = Glibc.read(descriptor.raw, &chunk, chunk.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return count == 0 || errno != EAGAIN }
                state.bytes += chunk.prefix(min(count, limit - state.bytes.count))
            }
        }
        if hasEnded { end() }
    }
}
