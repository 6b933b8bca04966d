import Glibc
import Linux
import Synchronization

/// What a process writes into a pipe: the beginning is kept, the rest is read and dropped, so that nobody has to wait.
///
/// Most write little and end at once. Only what has not ended after a moment is read while it is written: until then the pipe
/// has room, and nobody is woken for it.
final class CappedOutput: Sendable {
    /// How much is read at once: as much as a pipe holds. Whoever goes on writing waits for the next turn.
    private static let turn = 64 << 10
    /// How long a process that fills the pipe may have to wait, in nanoseconds.
    private static let moment: UInt64 = 20_000_000

    private let pipe: Pipe
    private let limit: Int
    private let poller: Poller
    private let state = Mutex(State())

    private struct State {
        var bytes: [UInt8] = []
        var timer: Poller.Timer?
        var registration: Poller.Registration?
        var isOver = false
    }

    /// Reads from now on.
    ///
    /// - Parameters:
    ///   - pipe: kept open on both sides, so that its end is never seen: whoever reads knows when the process has ended.
    ///   - limit: how many bytes are kept.
    init(_ pipe: consuming Pipe, limit: Int, poller: Poller) throws(SystemError) {
        try pipe.reading.setNonBlocking()
        self.pipe = pipe
        self.limit = limit
        self.poller = poller
        let timer = poller.call(at: BootInstant(nanoseconds: BootInstant.now().nanoseconds + Self.moment)) { [self] in
            watch()
        }
        state.withLock { $0.timer = timer }
    }

    /// The end that is for the process. Valid as long as this lives.
    var writing: Int32 { pipe.writing.raw }

    /// What was written so far.
    var text: String {
        read()
        return state.withLock { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Reads no more. To be called once it is not needed.
    func end() {
        let (timer, registration) = state.withLock { state in
            state.isOver = true
            return (state.timer.take(), state.registration.take())
        }
        if let timer { poller.cancel(timer) }
        if let registration { poller.remove(registration, descriptor: pipe.reading.raw) }
    }

    private func watch() {
        state.withLock { state in
            // What cannot be watched is read in the end alone.
            if !state.isOver { state.registration = try? poller.add(pipe.reading.raw) { [self] in read() } }
        }
    }

    private func read() {
        state.withLock { state in
            var total = 0
            while total < Self.turn {
                let left = limit - state.bytes.count
                let count = withUnsafeTemporaryAllocation(byteCount: 4 << 10, alignment: 1) { chunk in
                    let count = Glibc.read(pipe.reading.raw, chunk.baseAddress, chunk.count)
                    if count > 0 { state.bytes += chunk.prefix(min(count, left)) }
                    return count
                }
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }
                total += count
            }
        }
    }
}
