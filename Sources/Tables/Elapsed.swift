/// How long something took, in few words: `12ms`, `1.3s`, `2m5s`.
public struct Elapsed: Hashable, Sendable, CustomStringConvertible {
    /// What passed.
    public let duration: Duration

    /// A time of `duration`; below zero counts as nothing.
    public init(_ duration: Duration) { self.duration = duration }

    /// Milliseconds below a second, tenths below a minute, and an `Age` from there on.
    public var description: String {
        let milliseconds = Int64((max(duration, .zero) / .milliseconds(1)).rounded())
        if milliseconds < 1_000 { return "\(milliseconds)ms" }
        let tenths = (milliseconds + 50) / 100
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10)s" }
        return Age(duration).description
    }
}
