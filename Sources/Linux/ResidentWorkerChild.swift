import Glibc

/// A child that stays, and our ends of its streams.
struct ResidentChild: ~Copyable {
    private var worker: RunningWorker
    private let request: WorkerRequest
    private let born = BootInstant.now().nanoseconds

    /// Starts it.
    init(_ request: WorkerRequest) throws(SystemError) {
        self.request = request
        worker = try RunningWorker(request, staysOpen: true)
    }

    var hasEnded: Bool {
        var death = pollfd(fd: worker.child.pidfd.raw, events: Int16(POLLIN), revents: 0)
        return poll(&death, 1, 0) != 0
    }

    func isOlder(than age: Duration) -> Bool {
        BootInstant.now().nanoseconds - born > age.boundedNanoseconds
    }

    /// Puts a request, and reports the answer.
    ///
    /// - Returns: nil when it was; else what to say of that once it is known how the child ended.
    mutating func put(_ question: WorkerQuestion) -> ((ExitStatus?) -> any Error)? {
        worker.streams.begin(question.frame)
        let end = worker.streams.pump(
            until: worker.child.pidfd, deadline: question.deadline, cancellation: question.cancellation)
        let command = request.commandLine
        let words = String(decoding: worker.streams.errorBytes, as: UTF8.self)
        switch end {
        case .answered:
            guard let answer = WorkerFrame.body(of: worker.streams.outputBytes) else {
                return { _ in WorkerError.incomprehensible(command: command) }
            }
            question.report(.success(answer))
            return nil
        case .exited: return { WorkerError.ended(command: command, with: $0, standardError: words) }
        case .timedOut:
            return { _ in WorkerError.timedOut(command: command, after: question.timeout, standardError: words) }
        case .cancelled: return { _ in CancellationError() }
        case .tooLarge:
            let limit = request.outputLimit
            return { _ in WorkerError.outputTooLarge(command: command, limit: limit) }
        case .failed(let error): return { _ in WorkerError.spawn(error) }
        }
    }

    /// Kills it with its process group, reaps it, and calls `report` once: afterwards, or after a second.
    consuming func end(report: (ExitStatus?) -> Void = { _ in }) {
        worker.child.killGroup()
        worker.bury(report: report)
    }
}
