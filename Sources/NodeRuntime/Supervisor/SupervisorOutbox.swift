import Glibc
import Linux
import Synchronization

/// Frames on their way to a supervisor, in order. No caller waits for the socket: what it does not take at once is sent by a
/// thread of its own, as the supervisor reads on.
final class SupervisorOutbox: Sendable {
    /// The connection.
    let socket: UnixSocket
    /// How long the socket may take nothing at all.
    private let patience: Duration
    private let queue = Mutex(Queue())

    private struct Frame {
        var rest: ArraySlice<UInt8>
        /// Copies, for the caller may have closed its own by the time they go; nil once the first byte went.
        var descriptors: DescriptorBag?
    }

    private struct Queue {
        var frames: [Frame] = []
        var isDraining = false
    }

    /// An empty outbox.
    init(_ socket: consuming UnixSocket, patience: Duration) {
        self.socket = socket
        self.patience = patience
    }

    /// Sends a frame, now or after those that wait.
    ///
    /// - Parameter failed: told, on another thread, when it can never be sent: the supervisor is gone, or (`ETIMEDOUT`)
    ///   reads nothing.
    /// - Throws: `SystemError` when that is known at once.
    func send(
        _ bytes: [UInt8], descriptors: [Int32], failed: @escaping @Sendable (SystemError) -> Void
    ) throws(SystemError) {
        let startsDraining = try queue.withLock { queue throws(SystemError) -> Bool in
            var frame = Frame(rest: bytes[...], descriptors: nil)
            if queue.frames.isEmpty {
                let sent = try socket.sendSome(frame.rest, descriptors: descriptors)
                frame.rest = frame.rest.dropFirst(sent)
                if frame.rest.isEmpty { return false }
            }
            if frame.rest.count == bytes.count, !descriptors.isEmpty {
                frame.descriptors = try DescriptorBag(copying: descriptors)
            }
            queue.frames.append(frame)
            defer { queue.isDraining = true }
            return !queue.isDraining
        }
        if startsDraining { try startThread { [self] in drain(failed) } }
    }

    private func drain(_ failed: (SystemError) -> Void) {
        do throws(SystemError) {
            while true {
                let isEmpty = try queue.withLock { queue throws(SystemError) in try push(&queue) }
                if isEmpty { return }
                guard try socket.waitUntilWritable(atMost: patience) else {
                    throw SystemError("sendmsg", code: ETIMEDOUT)
                }
            }
        } catch {
            failed(error)
        }
    }

    /// Sends what goes. True when nothing is left: the thread ends with that.
    private func push(_ queue: inout Queue) throws(SystemError) -> Bool {
        while let frame = queue.frames.first {
            let sent: Int
            if let bag = frame.descriptors {
                sent = try bag.withNumbers { numbers throws(SystemError) in
                    try socket.sendSome(frame.rest, descriptors: numbers)
                }
            } else {
                sent = try socket.sendSome(frame.rest)
            }
            if sent == 0 { return false }
            queue.frames[0].descriptors = nil
            queue.frames[0].rest = frame.rest.dropFirst(sent)
            if queue.frames[0].rest.isEmpty { queue.frames.removeFirst() }
        }
        queue.isDraining = false
        return true
    }
}
