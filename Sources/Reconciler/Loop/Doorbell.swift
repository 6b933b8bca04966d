import Synchronization

/// Wakes one listener. However often it rings while the listener is busy, the listener looks once more.
final class Doorbell: Sendable {
    /// One element for each look that is due.
    let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let isInterrupted = Mutex(false)
    private let isForgiven = Mutex(false)

    init() { (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func ring() { bell.yield() }

    /// Rings, and tells the listener that what it is about to do may not be wanted any more.
    func interrupt() {
        isInterrupted.withLock { $0 = true }
        bell.yield()
    }

    /// Rings, and has the listener forget what failed before.
    func forgive() {
        isForgiven.withLock { $0 = true }
        bell.yield()
    }

    /// Whether what failed before is to be forgotten; asked once.
    func takeForgiveness() -> Bool {
        isForgiven.withLock { forgiven in
            defer { forgiven = false }
            return forgiven
        }
    }

    /// Whether the listener should look again before it goes on.
    var isLookDue: Bool { isInterrupted.withLock { $0 } }

    /// The listener looks now.
    func noteLook() { isInterrupted.withLock { $0 = false } }
}
