/// A worker that stays: one child that answers request after request, each within a deadline of its own.
///
/// For programs that are slow to start. A child that misses a deadline, ends without an answer, or whose request is
/// cancelled, is killed with its process group and reaped; the next request starts another. So it does in place of one
/// that lived for long: what a program read at its start, certificate authorities for one, grows old.
public final class ResidentWorker: Sendable {
    private let command: WorkerCommand
    private let desk: WorkerDesk

    /// A worker whose child is started by the first request.
    ///
    /// - Parameters:
    ///   - command: a program whose main calls `answerRequests`.
    ///   - environment: the child's variables; nil passes on this process's.
    ///   - idle: a child that is asked nothing for so long is ended.
    ///   - lifetime: a child older than this is replaced before the next request.
    ///   - answerLimit: how many bytes of an answer are too many.
    public init(
        _ command: WorkerCommand, environment: [String: String]? = nil, idle: Duration = .seconds(600),
        lifetime: Duration = .seconds(3600), answerLimit: Int = 256 << 20
    ) {
        self.command = command
        let request = WorkerRequest(
            executable: command.executable, arguments: command.arguments, environment: environment, input: [],
            timeout: .zero, outputLimit: answerLimit + WorkerFrame.headerSize)
        desk = WorkerDesk(request, idle: idle, lifetime: lifetime)
    }

    deinit { desk.close() }

    /// Asks the child, and waits for its answer. Requests are answered one at a time, in their order.
    ///
    /// - Parameter timeout: from now, in time since boot; what waits for earlier requests waits within it.
    /// - Throws: `WorkerError`, or `CancellationError` after the task was cancelled and the child killed.
    public func ask(_ request: [UInt8], timeout: Duration) async throws -> [UInt8] {
        try Task.checkCancellation()
        let cancellation: WorkerCancellation
        do { cancellation = try WorkerCancellation() } catch { throw WorkerError.spawn(error) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let question = WorkerQuestion(
                    frame: WorkerFrame.framed(request), timeout: timeout, cancellation: cancellation
                ) { continuation.resume(with: $0) }
                do throws(SystemError) { try desk.handIn(question) } catch {
                    continuation.resume(throwing: WorkerError.spawn(error))
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}
