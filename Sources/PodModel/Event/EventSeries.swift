/// An event as the history keeps it: the same words about the same object, told once or often.
public struct EventSeries: Hashable, Sendable, Codable {
    /// What was told; its time is that of the last telling.
    public let event: PodEvent
    /// How often; at least 1.
    public let count: Int
    /// When it was told first.
    public let first: WallTime

    /// Puts a series together.
    public init(event: PodEvent, count: Int, first: WallTime) {
        self.event = event
        self.count = count
        self.first = first
    }

    /// When it was told last.
    public var last: WallTime { event.at }
}
