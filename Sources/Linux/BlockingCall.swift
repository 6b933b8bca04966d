import Synchronization

/// Runs a call that may block for ever (a dead network file system) on a thread of its own, and waits for it at most
/// `limit`.
///
/// - Returns: what `body` returned; nil when the time was up, and a thread is left to wait for the kernel.
/// - Throws: what `body` throws, `CancellationError`, or `SystemError` when there is no thread to be had.
public func blocking<Value: Sendable>(
    within limit: Duration, _ body: @escaping @Sendable () throws -> Value
) async throws -> Value? {
    try Task.checkCancellation()
    let outcome = Outcome<Value>()
    try startThread { outcome.settle(Result { try body() }) }
    let result = await withTaskGroup(of: Void.self) { tasks in
        tasks.addTask { await outcome.wait() }
        tasks.addTask { try? await Task.sleep(for: limit) }
        await tasks.next()
        tasks.cancelAll()
        return outcome.result
    }
    if result == nil { try Task.checkCancellation() }
    return try result?.get()
}

/// A result that a thread will have, and a task that waits for it or gives up.
private final class Outcome<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, any Error>?
        var isOver = false
        var waiting: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    var result: Result<Value, any Error>? { state.withLock { $0.result } }

    func settle(_ result: Result<Value, any Error>) {
        end { $0.result = result }
    }

    /// Returns once there is a result, or the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.isOver { state.waiting = continuation }
                    return state.isOver
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            end { _ in }
        }
    }

    private func end(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            state.isOver = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }
}
