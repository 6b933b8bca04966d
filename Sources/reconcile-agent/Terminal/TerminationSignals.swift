import Dispatch
import Glibc

/// Runs `body`; SIGTERM and SIGINT cancel it.
///
/// - Returns: what `body` returns, or nil when a signal ended it.
func untilTerminated<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
    let (signals, received) = AsyncStream.makeStream(of: Void.self)
    let sources = [SIGTERM, SIGINT].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler { received.yield() }
        source.resume()
        return source
    }
    defer { for source in sources { source.cancel() } }
    return try await withThrowingTaskGroup(of: Result?.self) { tasks in
        tasks.addTask { try await body() }
        tasks.addTask {
            for await _ in signals { break }
            return nil
        }
        defer { tasks.cancelAll() }
        do {
            return try await tasks.next() ?? nil
        } catch is CancellationError {
            return nil
        }
    }
}
