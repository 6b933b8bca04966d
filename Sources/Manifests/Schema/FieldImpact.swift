/// What a change of a field does to a Pod that runs, from the least to the most.
public enum FieldImpact: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Nothing happens but that the Pod shows it.
    case none
    /// What runs is changed while it runs.
    case inPlace
    /// The container restarts; the Pod keeps its UID and address.
    case restartContainer
    /// The Pod is replaced by a new one.
    case recreate

    /// By how much it disturbs.
    public static func < (left: FieldImpact, right: FieldImpact) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .none: 0
        case .inPlace: 1
        case .restartContainer: 2
        case .recreate: 3
        }
    }
}
