/// How long ago an image was made, in docker's words: `3 weeks ago`, `About an hour ago`.
///
/// The rule is `HumanDuration` of github.com/docker/go-units.
public struct CreatedAge: Hashable, Sendable, CustomStringConvertible {
    private let seconds: Int64

    /// An age of `duration`.
    public init(_ duration: Duration) { seconds = duration.components.seconds }

    /// Docker's words.
    public var description: String {
        let (minutes, hours) = (seconds / 60, (seconds + 1800) / 3600)
        let words =
            switch seconds {
            case ..<1: "Less than a second"
            case 1: "1 second"
            case ..<60: "\(seconds) seconds"
            case ..<120: "About a minute"
            case ..<3600: "\(minutes) minutes"
            default:
                switch hours {
                case 1: "About an hour"
                case ..<48: "\(hours) hours"
                case ..<(24 * 7 * 2): "\(hours / 24) days"
                case ..<(24 * 30 * 2): "\(hours / 24 / 7) weeks"
                case ..<(24 * 365 * 2): "\(hours / 24 / 30) months"
                default: "\(hours / 24 / 365) years"
                }
            }
        return words + " ago"
    }
}
