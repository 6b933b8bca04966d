import PodModel

/// What is handed over to be written.
enum JournalLine: Sendable {
    case revision(RevisionEntry)
    case plan(PlanEntry)
    case begun(IntentID, ActionIntent)
    case ended(IntentID, ActionOutcome, after: Duration)
    case event(PodEvent)

    /// When it happened; nil of an action's end, which knows only how long it took.
    var at: WallTime? {
        switch self {
        case .revision(let entry): entry.at
        case .plan(let entry): entry.at
        case .begun(_, let intent): intent.at
        case .ended: nil
        case .event(let event): event.at
        }
    }
}

/// Lines that were never written: how many, since when, and why.
public struct LostLines: Hashable, Sendable, Codable {
    /// When the first of them was dropped.
    public let at: WallTime
    /// How many.
    public var count: Int
    /// Why, as a sentence.
    public let reason: String

    /// Puts a note together.
    public init(at: WallTime, count: Int, reason: String) {
        self.at = at
        self.count = count
        self.reason = reason
    }
}
