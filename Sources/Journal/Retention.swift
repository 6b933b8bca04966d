/// How long history is kept. It is dropped in segments, the oldest first.
public struct Retention: Hashable, Sendable {
    /// A segment that ended longer ago is dropped.
    public var age: Duration
    /// The oldest segments are dropped while the journal holds more bytes.
    public var bytes: Int64
    /// A segment ends when it is this old, whatever it holds.
    public var segmentAge: Duration

    /// 90 days or 64 MiB, whichever comes first, in segments of a day at most.
    public init(age: Duration = .seconds(90 * 86_400), bytes: Int64 = 64 << 20, segmentAge: Duration = .seconds(86_400))
    {
        self.age = age
        self.bytes = bytes
        self.segmentAge = segmentAge
    }

    /// A segment ends when its lines hold this much text, in bytes.
    var segmentBytes: Int64 { max(1, bytes / 16) }
}
