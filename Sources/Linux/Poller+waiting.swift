import Synchronization

/// What a task may wait for: a time, or a descriptor. Cheapest on the poller's own thread, where nobody has to be woken.
extension Poller {
    /// What a descriptor is to be ready for.
    public enum Readiness: Hashable, Sendable {
        /// Something can be read, or the peer is gone.
        case readable
        /// Something can be written, or a connection stands or has failed.
        case writable
    }

    /// Returns at a time of the boot clock.
    ///
    /// - Throws: `CancellationError`, at once when the task is cancelled.
    public func sleep(until due: BootInstant) async throws {
        let turn = Turn()
        let timer = call(at: due) { turn.settle(.timeIsUp) }
        defer { cancel(timer) }
        _ = try await turn.outcome()
    }

    /// Waits until a descriptor is ready, but not longer than until `deadline`.
    ///
    /// The descriptor must stay open meanwhile, and nobody else may wait for it.
    ///
    /// - Returns: false when the time is up.
    /// - Throws: `CancellationError`, at once when the task is cancelled; `SystemError`.
    public func wait(
        for descriptor: Int32, toBe readiness: Readiness, until deadline: BootInstant
    ) async throws -> Bool {
        let turn = Turn()
        let registration = try addOnce(descriptor, for: readiness) { turn.settle(.isReady) }
        let timer = call(at: deadline) { turn.settle(.timeIsUp) }
        defer {
            cancel(timer)
            remove(registration, descriptor: descriptor)
        }
        return try await turn.outcome() == .isReady
    }
}

/// What one task waits for: the first that happens.
private final class Turn: Sendable {
    enum Outcome { case isReady, timeIsUp, cancelled }

    private struct State {
        var outcome: Outcome?
        var waiting: CheckedContinuation<Outcome, Never>?
    }

    private let state = Mutex(State())

    func settle(_ outcome: Outcome) {
        let waiting = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            guard state.outcome == nil else { return nil }
            state.outcome = outcome
            return state.waiting.take()
        }
        waiting?.resume(returning: outcome)
    }

    func outcome() async throws(CancellationError) -> Outcome {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state in
                    if state.outcome == nil { state.waiting = continuation }
                    return state.outcome
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            settle(.cancelled)
        }
        if outcome == .cancelled { throw CancellationError() }
        return outcome
    }
}
