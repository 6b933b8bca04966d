import PodModel
import Synchronization

/// Wakes one listener. However often it rings while the listener is busy, the listener looks once more.
final class Doorbell: Sendable {
    /// One element for each look that is due.
    let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let state = Mutex(State())

    private struct State {
        var isInterrupted = false
        /// What failed before is to be forgotten.
        var isForgiven = false
        /// Why what the listener looks after has to go.
        var eviction: WaitingReason?
        /// Cancels what is at work and gives way to an interruption.
        var atWork: [Int: @Sendable () -> Void] = [:]
        var next = 0
    }

    init() { (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func ring() { bell.yield() }

    /// Rings, and tells the listener that what it is about to do may not be wanted any more.
    func interrupt() {
        let atWork = state.withLock { state in
            state.isInterrupted = true
            return Array(state.atWork.values)
        }
        for cancel in atWork { cancel() }
        bell.yield()
    }

    /// Rings, and has the listener forget what failed before.
    func forgive() {
        state.withLock { $0.isForgiven = true }
        bell.yield()
    }

    /// Interrupts, and has the listener end what it looks after.
    func evict(_ reason: WaitingReason) {
        state.withLock { $0.eviction = $0.eviction ?? reason }
        interrupt()
    }

    /// Why what the listener looks after has to go; nil as long as it may stay.
    var eviction: WaitingReason? { state.withLock(\.eviction) }

    /// Whether what failed before is to be forgotten; asked once.
    func takeForgiveness() -> Bool {
        state.withLock { state in
            defer { state.isForgiven = false }
            return state.isForgiven
        }
    }

    /// Runs `body`, which is cancelled as soon as the listener should look again.
    func unlessInterrupted<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        let work = Task(operation: body)
        let (key, isDue) = state.withLock { state in
            state.next += 1
            state.atWork[state.next] = { work.cancel() }
            return (state.next, state.isInterrupted)
        }
        defer { _ = state.withLock { $0.atWork.removeValue(forKey: key) } }
        if isDue { work.cancel() }
        return await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
    }

    /// Whether the listener should look again before it goes on.
    var isLookDue: Bool { state.withLock { $0.isInterrupted } }

    /// The listener looks now.
    func noteLook() { state.withLock { $0.isInterrupted = false } }
}
