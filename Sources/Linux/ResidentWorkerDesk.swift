import Dispatch
import Synchronization

/// One request to a worker that stays.
struct WorkerQuestion: Sendable {
    let frame: [UInt8]
    let timeout: Duration
    /// In nanoseconds since boot.
    let deadline: UInt64
    let cancellation: WorkerCancellation
    /// To be called once.
    let report: @Sendable (Result<[UInt8], any Error>) -> Void

    init(
        frame: [UInt8], timeout: Duration, cancellation: WorkerCancellation,
        report: @escaping @Sendable (Result<[UInt8], any Error>) -> Void
    ) {
        self.frame = frame
        self.timeout = timeout
        deadline = WorkerRequest.deadline(in: timeout)
        self.cancellation = cancellation
        self.report = report
    }
}

/// Where requests to a worker that stays are handed in, and the thread that puts them to it.
///
/// The thread that started the child lives as long as the child: PR_SET_PDEATHSIG is about the parent *thread*.
final class WorkerDesk: Sendable {
    private struct State {
        var waiting: [WorkerQuestion] = []
        var hasThread = false
        var isClosed = false
    }

    private let request: WorkerRequest
    private let idle: Duration
    private let lifetime: Duration
    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)

    init(_ request: WorkerRequest, idle: Duration, lifetime: Duration) {
        self.request = request
        self.idle = idle
        self.lifetime = lifetime
    }

    /// Hands a request in; its `report` is called unless this throws.
    func handIn(_ question: WorkerQuestion) throws(SystemError) {
        let needsThread = state.withLock { state in
            state.waiting.append(question)
            defer { state.hasThread = true }
            return !state.hasThread
        }
        bell.signal()
        guard needsThread else { return }
        do throws(SystemError) { try startThread { self.serve() } } catch {
            state.withLock { $0 = State(isClosed: $0.isClosed) }
            throw error
        }
    }

    /// No more requests will come: the child ends.
    func close() {
        state.withLock { $0.isClosed = true }
        bell.signal()
    }

    // MARK: The thread

    private func serve() {
        var child: ResidentChild?
        while let question = next() { child = answer(question, by: child.take()) }
        child.take()?.end()
    }

    /// The next request; nil when none comes any more, or none came for long.
    private func next() -> WorkerQuestion? {
        while true {
            let isOver = bell.wait(timeout: .now() + .nanoseconds(Int(idle.boundedNanoseconds))) == .timedOut
            let (question, ends) = state.withLock { state -> (WorkerQuestion?, Bool) in
                if !state.waiting.isEmpty { return (state.waiting.removeFirst(), false) }
                if isOver || state.isClosed { state.hasThread = false }
                return (nil, isOver || state.isClosed)
            }
            if question != nil || ends { return question }
        }
    }

    /// - Returns: the child, if it may be asked again.
    private func answer(_ question: WorkerQuestion, by child: consuming ResidentChild?) -> ResidentChild? {
        if question.cancellation.isCancelled {
            question.report(.failure(CancellationError()))
            return child
        }
        do throws(SystemError) {
            var child = try fresh(child)
            guard let failure = child.put(question) else { return child }
            child.end { question.report(.failure(failure($0))) }
        } catch { question.report(.failure(WorkerError.spawn(error))) }
        return nil
    }

    /// The child, or a new one in place of one that ended or grew old.
    private func fresh(_ child: consuming ResidentChild?) throws(SystemError) -> ResidentChild {
        switch consume child {
        case .some(let child):
            if !child.hasEnded, !child.isOlder(than: lifetime) { return child }
            child.end()
        case .none: break
        }
        return try ResidentChild(request)
    }
}
