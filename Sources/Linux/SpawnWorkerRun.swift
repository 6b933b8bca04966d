import Glibc

extension WorkerRequest {
    /// Runs the worker, blocking this thread, and answers once through `report`.
    ///
    /// The thread that spawns is the thread that waits: PR_SET_PDEATHSIG is about the parent *thread*.
    func run(until cancellation: WorkerCancellation, report: (Result<WorkerOutput, any Error>) -> Void) {
        let deadline = Self.deadline(in: timeout)
        do throws(SystemError) {
            var worker = try RunningWorker(self)
            let end = worker.streams.pump(until: worker.child.pidfd, deadline: deadline, cancellation: cancellation)
            worker.child.killGroup()
            if let failure = failure(end, errorBytes: worker.streams.errorBytes) {
                worker.bury { _ in report(.failure(failure)) }
            } else {
                report(.success(try worker.output()))
            }
        } catch { report(.failure(WorkerError.spawn(error))) }
    }

    /// What to tell about a run that did not end by itself.
    private func failure(_ end: WorkerEnd, errorBytes: [UInt8]) -> (any Error)? {
        switch end {
        case .exited, .answered: nil
        case .cancelled: CancellationError()
        case .tooLarge: WorkerError.outputTooLarge(command: commandLine, limit: outputLimit)
        case .failed(let error): WorkerError.spawn(error)
        case .timedOut:
            WorkerError.timedOut(
                command: commandLine, after: timeout, standardError: String(decoding: errorBytes, as: UTF8.self))
        }
    }
}

/// A started worker and our ends of its streams.
struct RunningWorker: ~Copyable {
    let child: ChildProcess
    var streams: WorkerStreams

    /// - Parameter staysOpen: whether requests follow one another, and with them answers.
    init(_ request: WorkerRequest, staysOpen: Bool = false) throws(SystemError) {
        let input = try Pipe()
        let output = try Pipe()
        let errors = try Pipe()
        try input.writing.setNonBlocking()
        try output.reading.setNonBlocking()
        try errors.reading.setNonBlocking()
        let streams = [input.reading.raw, output.writing.raw, errors.writing.raw]
        child = try request.descriptors.withNumbers { further throws(SystemError) in
            let numbers = (streams + further).enumerated().map { (Int32($0.offset), $0.element) }
            return try spawn(
                executable: request.executable, arguments: request.arguments, environment: request.environment,
                descriptors: Dictionary(uniqueKeysWithValues: numbers))
        }
        self.streams = WorkerStreams(
            input: input.intoWriting(), pending: request.input[...], output: output.intoReading(),
            errors: errors.intoReading(), outputLimit: request.outputLimit, staysOpen: staysOpen)
    }

    /// Reaps the worker that has ended.
    consuming func output() throws(SystemError) -> WorkerOutput {
        let (output, errors) = (streams.outputBytes, streams.errorBytes)
        return WorkerOutput(status: try child.reap(), standardOutput: output, standardError: errors)
    }

    /// Reaps the worker that was killed or has ended, and calls `report` once: afterwards, with how it ended, or after a
    /// second.
    ///
    /// A worker in uninterruptible sleep dies later; whoever asked is not kept waiting for that.
    consuming func bury(report: (ExitStatus?) -> Void) {
        var death = pollfd(fd: child.pidfd.raw, events: Int16(POLLIN), revents: 0)
        let isDead = poll(&death, 1, 1000) > 0
        if !isDead { report(nil) }
        // Our own unreaped child: waiting for it cannot fail in a way that anyone could act on.
        let status = try? child.reap()
        if isDead { report(status) }
    }
}
