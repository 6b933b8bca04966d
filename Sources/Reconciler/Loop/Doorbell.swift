/// Wakes one listener. However often it rings while the listener is busy, the listener looks once more.
struct Doorbell: Sendable {
    /// One element for each look that is due.
    let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() { (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func ring() { bell.yield() }
}
