import Glibc

/// Why watching a worker ended.
enum WorkerEnd {
    case exited, timedOut, tooLarge, cancelled
    /// The frame that a worker that stays answers with is there.
    case answered
    case failed(SystemError)
}

/// The three streams of a running worker, fed and emptied as the kernel allows.
struct WorkerStreams: ~Copyable {
    private var input: Descriptor?
    private var pending: ArraySlice<UInt8>
    private var output: Descriptor?
    private var errors: Descriptor?
    private let outputLimit: Int
    /// Whether the input stays open for more, and the output consists of frames.
    private let staysOpen: Bool
    private(set) var outputBytes: [UInt8] = []
    private(set) var errorBytes: [UInt8] = []

    private static let errorLimit = 64 << 10

    init(
        input: consuming Descriptor, pending: ArraySlice<UInt8>, output: consuming Descriptor,
        errors: consuming Descriptor, outputLimit: Int, staysOpen: Bool
    ) {
        self.input = consume input
        self.pending = pending
        self.output = consume output
        self.errors = consume errors
        self.outputLimit = outputLimit
        self.staysOpen = staysOpen
    }

    /// Takes the next request of a worker that stays, and forgets the answer before.
    mutating func begin(_ request: [UInt8]) {
        pending = request[...]
        (outputBytes, errorBytes) = ([], [])
    }

    /// Feeds and empties the streams until the worker has answered or ended, or must not go on.
    mutating func pump(until pidfd: borrowing Descriptor, deadline: UInt64, cancellation: WorkerCancellation)
        -> WorkerEnd
    {
        do throws(SystemError) {
            while true {
                // poll(2) passes over negative descriptors.
                let waited = [
                    pollfd(fd: pidfd.raw, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: cancellation.raw, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: Self.number(output), events: Int16(POLLIN), revents: 0),
                    pollfd(fd: Self.number(errors), events: Int16(POLLIN), revents: 0),
                    pollfd(
                        fd: staysOpen && pending.isEmpty ? -1 : Self.number(input), events: Int16(POLLOUT), revents: 0),
                ]
                guard let ready = try Self.wait(for: waited, until: deadline) else { return .timedOut }
                if ready[1] { return .cancelled }
                if ready[4] { try feed() }
                if ready[3] || ready[0] { try drainErrors() }
                if ready[2] || ready[0] { try drainOutput() }
                if outputBytes.count > outputLimit { return .tooLarge }
                if staysOpen, let size = WorkerFrame.size(of: outputBytes), size <= outputBytes.count {
                    return .answered
                }
                if ready[0] { return .exited }
            }
        } catch { return .failed(error) }
    }

    /// Waits until a descriptor is ready; nil when the deadline came first.
    ///
    /// The deadline is in time since boot, the wait is not: a machine that sleeps meanwhile prolongs the wait by that.
    private static func wait(for descriptors: [pollfd], until deadline: UInt64) throws(SystemError) -> [Bool]? {
        let now = BootInstant.now().nanoseconds
        if now >= deadline { return nil }
        let milliseconds = Int32(clamping: (deadline - now + 999_999) / 1_000_000)
        var descriptors = descriptors
        let count = try retrying("poll") { poll(&descriptors, nfds_t(descriptors.count), milliseconds) }
        if count == 0 { return Array(repeating: false, count: descriptors.count) }
        return descriptors.map { $0.revents != 0 }
    }

    private static func number(_ descriptor: borrowing Descriptor?) -> Int32 {
        switch descriptor {
        case .some(let descriptor): descriptor.raw
        case .none: -1
        }
    }

    /// Writes what the pipe takes; the stream ends once all is written or the worker has closed its end.
    private mutating func feed() throws(SystemError) {
        let raw = Self.number(input)
        while !pending.isEmpty {
            switch try Self.unlessBlocked("write", { pending.withUnsafeBytes { write(raw, $0.baseAddress, $0.count) } })
            {
            case nil: return
            case 0: pending = []
            case let count?: pending = pending.dropFirst(count)
            }
        }
        if !staysOpen { input = nil }
    }

    private mutating func drainOutput() throws(SystemError) {
        guard Self.number(output) >= 0 else { return }
        if try Self.drain(Self.number(output), into: &outputBytes, while: { $0 <= outputLimit }) { output = nil }
    }

    private mutating func drainErrors() throws(SystemError) {
        guard Self.number(errors) >= 0 else { return }
        // At most one pipe's content at a time, so that an endless complaint does not fill the memory.
        if try Self.drain(Self.number(errors), into: &errorBytes, while: { $0 <= 4 * Self.errorLimit }) { errors = nil }
        errorBytes.removeFirst(max(0, errorBytes.count - Self.errorLimit))
    }

    /// Reads what the pipe holds; true at the end of the stream.
    private static func drain(_ raw: Int32, into bytes: inout [UInt8], while wanted: (Int) -> Bool) throws(SystemError)
        -> Bool
    {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while wanted(bytes.count) {
            let count = try unlessBlocked("read") {
                chunk.withUnsafeMutableBytes { read(raw, $0.baseAddress, $0.count) }
            }
            guard let count else { return false }
            if count == 0 { return true }
            bytes.append(contentsOf: chunk[..<count])
        }
        return false
    }

    /// The call's result; nil when it would have had to wait, 0 when the other end is closed.
    private static func unlessBlocked(_ call: String, _ body: () -> Int) throws(SystemError) -> Int? {
        do {
            return try retrying(call, nil, body)
        } catch {
            switch error.code {
            case EAGAIN: return nil
            case EPIPE: return 0
            default: throw error
            }
        }
    }
}
