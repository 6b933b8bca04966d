import PodModel

/// One line of history.
public enum HistoryItem: Hashable, Sendable, Codable {
    /// A revision, and what became of it.
    case revision(RevisionEntry)
    /// What a comparison led to.
    case plan(PlanEntry)
    /// An action, and how it ended.
    case action(ActionIntent, ActionEnding)
    /// Lines that could not be written are missing here.
    case lost(LostLines)

    /// When it happened, or began.
    public var at: WallTime {
        switch self {
        case .revision(let entry): entry.at
        case .plan(let entry): entry.at
        case .action(let intent, _): intent.at
        case .lost(let lines): lines.at
        }
    }
}

/// How an action ended, as far as the journal knows.
public enum ActionEnding: Hashable, Sendable, Codable {
    /// It ended, after this long.
    case ended(ActionOutcome, after: Duration)
    /// It was under way when last heard of, and the agent that began it is the newest one.
    case underWay
    /// The agent that began it ended before the action did; what came of it was found by the next agent.
    case interrupted
}

/// Which part of the history is asked for.
public struct HistoryFilter: Hashable, Sendable {
    /// Only plans and actions about this Pod; nil for everything.
    public var pod: PodName?
    /// Only lines about this revision; nil for all of them.
    public var revision: RevisionID?
    /// The kinds of lines wanted.
    public var kinds: Set<HistoryKind>
    /// At most this many, the newest.
    public var limit: Int

    /// Everything, the newest 50 lines.
    public init(
        pod: PodName? = nil, revision: RevisionID? = nil, kinds: Set<HistoryKind> = Set(HistoryKind.allCases),
        limit: Int = 50
    ) {
        self.pod = pod
        self.revision = revision
        self.kinds = kinds
        self.limit = limit
    }
}

/// The kinds of lines in a history.
public enum HistoryKind: String, Hashable, Sendable, CaseIterable, Codable {
    /// Revisions seen.
    case revision
    /// Plans made.
    case plan
    /// Actions carried out.
    case action
    /// Where lines are missing.
    case lost
}
