import Dispatch
import Logging
import PodModel
import Synchronization

/// The history in one SQLite file: write-ahead log, survives kill -9, may lose its tail at power loss.
///
/// Opening and writing happen on the journal's own serial queue; no caller waits, none fails, and the cooperative pool
/// never blocks. While the file cannot be opened or written, `trouble` says why, lines wait, as many as there is room
/// for, and healing goes on.
public final class Journal: History {
    /// How many lines wait at most, about 5 MiB of them.
    public static let backlogLimit = 10_000
    /// How long `flush` waits for a disk that does not answer.
    private static let flushPatience = DispatchTimeInterval.seconds(5)
    private static let batchSize = 512
    /// How long after a failure to open or write the next try is made.
    private static let retryAfter = DispatchTimeInterval.seconds(5)

    /// Somebody who waits until so many lines are settled.
    private struct Flush {
        let upTo: Int
        let done: CheckedContinuation<Void, Never>
    }

    private struct State {
        var backlog: Backlog
        var flushes: [Int: Flush] = [:]
        var nextFlush = 0
        /// The queue is at work, or will be after a while.
        var isBusy = false
        /// The next try after a failure is under way.
        var isRetryDue = false
        var trouble: String?
        var movedAside: String?
    }

    private let path: String
    private let begun: WallTime
    private let retention: Retention
    private let log: Logger
    private let queue = DispatchQueue(label: "journal", qos: .utility)
    private let nextIntent = Atomic<Int64>(1)
    private let state: Mutex<State>
    /// Nil until the file is open. Locked by the queue alone.
    private let writer = Mutex<JournalWriter?>(nil)

    /// A journal that is opened, and created if there is none, once this returned.
    ///
    /// A file that is damaged is moved aside, to `<path>.damaged-<seconds>`, and a new one is begun.
    ///
    /// - Parameters:
    ///   - now: when this agent began: an intent of an earlier one without outcome was interrupted.
    ///   - backlog: how many lines may wait to be written.
    public init(
        path: String, now: WallTime, retention: Retention = Retention(), backlog: Int = Journal.backlogLimit,
        log: Logger
    ) {
        self.path = path
        self.log = log
        self.retention = retention
        begun = now
        state = Mutex(State(backlog: Backlog(limit: backlog, now: now), isBusy: true))
        queue.async { self.work() }
    }

    /// Why lines are not being written; nil if they are.
    public var trouble: String? { state.withLock { $0.trouble } }

    /// Where a damaged file was put; nil if there was none.
    public var movedAside: String? { state.withLock { $0.movedAside } }

    /// A revision was seen, accepted or refused.
    public func record(_ entry: RevisionEntry) { write(.revision(entry)) }

    /// A plan was made that changes something.
    public func record(_ entry: PlanEntry) { write(.plan(entry)) }

    /// Something happened to a Pod.
    public func record(_ event: PodEvent) { write(.event(event)) }

    /// An action is about to be carried out.
    public func intend(_ intent: ActionIntent) -> IntentID {
        let id = IntentID(nextIntent.add(1, ordering: .relaxed).oldValue)
        write(.begun(id, intent))
        return id
    }

    /// How an action ended, and how long it took.
    public func conclude(_ intent: IntentID, _ outcome: ActionOutcome, after duration: Duration) {
        write(.ended(intent, outcome, after: duration))
    }

    /// Returns once everything handed over before is written, or cannot be now.
    public func flush() async {
        await withCheckedContinuation { continuation in
            let number = state.withLock { state in
                let number = state.nextFlush
                state.nextFlush += 1
                state.flushes[number] = Flush(upTo: state.backlog.handedOver, done: continuation)
                return number
            }
            queue.async { self.work() }
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.flushPatience) { [weak self] in
                self?.giveUp(number)
            }
        }
    }

    /// Nobody waits longer; what waits to be written is in trouble.
    private func giveUp(_ flush: Int) {
        let path = path
        let given = state.withLock { state in
            let given = state.flushes.removeValue(forKey: flush)
            if given != nil {
                state.trouble = state.trouble ?? "the journal \(path) cannot be written: the disk does not answer"
            }
            return given
        }
        given?.done.resume()
    }

    // MARK: The queue's work

    private func write(_ line: JournalLine) {
        let isIdle = state.withLock { state in
            state.backlog.add(line, orLostBecause: state.trouble ?? "the disk does not answer")
            if state.backlog.lostCount > 0, state.trouble == nil {
                state.trouble = "the journal \(path) cannot be written: the disk does not answer"
            }
            defer { state.isBusy = true }
            return !state.isBusy
        }
        if isIdle { queue.async { self.work() } }
    }

    /// Writes all that waits, or says why not and tries again after a while.
    private func work() {
        do {
            try writer.withLock { writer in
                var current = try writer ?? open()
                defer { writer = current }
                while try writeBatch(&current) {}
            }
        } catch { putOff(error) }
    }

    private func open() throws -> JournalWriter {
        let opened = try JournalFile.open(path, now: begun, log: log)
        if let aside = opened.movedAside { state.withLock { $0.movedAside = aside } }
        return try JournalWriter(opened.database, retention, now: begun)
    }

    /// - Returns: whether there may be more; false once the queue is idle.
    private func writeBatch(_ writer: inout JournalWriter) throws -> Bool {
        let batch = state.withLock { state in
            state.isBusy = !state.backlog.isEmpty
            return state.backlog.batch(of: Self.batchSize)
        }
        if batch.lines.isEmpty, batch.lost == nil {
            noteSuccess()
            return false
        }
        let refused = try writer.write(batch.lines, after: batch.lost)
        state.withLock { state in
            state.backlog.settle(batch.lines.count, noted: batch.lost)
            if let refused { state.backlog.lose(refused.count, because: refused.reason) }
        }
        if let refused { log.error("lines of history are lost", metadata: ["error": "\(refused.reason)"]) }
        noteSuccess()
        return true
    }

    /// The file can be written. Whoever waited for it is told once nothing is left to be noted as lost.
    private func noteSuccess() {
        let isWhole = state.withLock { state in
            if state.backlog.lostCount == 0 { state.trouble = nil }
            return state.backlog.lostCount == 0
        }
        if isWhole { endFlushes { $0.upTo <= $1.settled } }
    }

    /// Nothing can be written now. A damaged file is opened anew, which sets it aside.
    private func putOff(_ error: any Error) {
        if isDamage(error) { writer.withLock { $0 = nil } }
        let reason = (error as? JournalError)?.description ?? "the journal \(path) cannot be written: \(words(error))"
        let (isNews, isRetryDue) = state.withLock { state in
            defer { (state.isBusy, state.trouble, state.isRetryDue) = (true, reason, true) }
            return (state.trouble != reason, state.isRetryDue)
        }
        if isNews { log.error("journal cannot be written", metadata: ["path": "\(path)", "error": "\(reason)"]) }
        // Nobody waits for a disk that is full.
        endFlushes { _, _ in true }
        if isRetryDue { return }
        queue.asyncAfter(deadline: .now() + Self.retryAfter) { [weak self] in
            self?.state.withLock { $0.isRetryDue = false }
            self?.work()
        }
    }

    private func endFlushes(_ isOver: (Flush, Backlog) -> Bool) {
        let over = state.withLock { state in
            let over = state.flushes.filter { isOver($0.value, state.backlog) }
            for number in over.keys { state.flushes[number] = nil }
            return over
        }
        for flush in over.values { flush.done.resume() }
    }
}
