/// How long ago something happened, in kubectl's words: `119s`, `5m30s`, `170m`, `3d4h`.
///
/// The rule is `HumanDuration` of Kubernetes' `apimachinery/pkg/util/duration`: two units at most, the second one only
/// while the first is small.
public struct Age: Hashable, Sendable, CustomStringConvertible {
    /// What passed since.
    public let duration: Duration

    /// An age of `duration`; below zero when clocks disagree.
    public init(_ duration: Duration) { self.duration = duration }

    /// kubectl's words. Clocks may disagree by less than two seconds; beyond that an age below zero is `<invalid>`.
    public var description: String {
        let seconds = duration.components.seconds
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }

        let minutes = seconds / 60
        if minutes < 10 { return pair(minutes, "m", seconds % 60, "s") }
        if minutes < 180 { return "\(minutes)m" }

        let hours = minutes / 60
        if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }

        let days = hours / 24
        if days < 8 { return pair(days, "d", hours % 24, "h") }
        if days < 2 * 365 { return "\(days)d" }
        if days < 8 * 365 { return pair(days / 365, "y", days % 365, "d") }
        return "\(days / 365)y"
    }

    private func pair(_ large: Int64, _ unit: String, _ small: Int64, _ part: String) -> String {
        small == 0 ? "\(large)\(unit)" : "\(large)\(unit)\(small)\(part)"
    }
}
