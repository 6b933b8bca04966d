import PodModel

/// What the loop needs to know about this node and about its own pace.
public struct LoopConfiguration: Sendable {
    /// The node: Pods that are for others are not run.
    public var node: NodeProfile
    /// How often the source is asked for a new revision; each wait varies by a tenth, so that nodes spread.
    public var interval: Duration
    /// How many sandboxes and containers may be born at once.
    public var parallelStarts: Int
    /// How often every Pod is looked at although nothing happened, in case an event was lost.
    public var sweepInterval: Duration
    /// Whether Pods are ended for a new revision only once the history could take it in. Off when a person asked for
    /// their end: that may be what frees the disk.
    public var endsNeedHistory: Bool

    /// Everything but the node has a default.
    public init(
        node: NodeProfile, interval: Duration = .seconds(60), parallelStarts: Int = 8,
        sweepInterval: Duration = .seconds(300), endsNeedHistory: Bool = true
    ) {
        self.node = node
        self.interval = interval
        self.parallelStarts = parallelStarts
        self.sweepInterval = sweepInterval
        self.endsNeedHistory = endsNeedHistory
    }
}
