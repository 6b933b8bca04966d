/// Where the loop tells how it gets on. Never waits, never fails.
public protocol StatusBoard: Sendable {
    /// Replaces what was told before.
    func publish(_ status: LoopStatus)
}

/// A board nobody looks at.
public struct NoBoard: StatusBoard {
    /// One.
    public init() {}
    /// Nothing happens.
    public func publish(_ status: LoopStatus) {}
}
