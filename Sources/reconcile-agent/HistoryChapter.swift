import Journal
import PodModel

/// A revision that was taken up, and what was done for it until it was taken up once more.
struct HistoryChapter: Hashable {
    /// One action, and how it ended.
    struct Step: Hashable {
        let intent: ActionIntent
        let ending: ActionEnding
    }

    let entry: RevisionEntry
    /// In the order in which they were decided. A replacement is one change, though its Pod is created later.
    private(set) var changes: [PlanEntry.Change] = []
    /// In the order in which they were begun.
    private(set) var steps: [Step] = []

    private init(_ entry: RevisionEntry) { self.entry = entry }

    /// Sorts a history into chapters, the newest first.
    ///
    /// - Parameters:
    ///   - revisions: those wanted, newest first.
    ///   - events: plans and actions, newest first; what belongs to none of the revisions is left out.
    static func chapters(_ revisions: [HistoryItem], _ events: [HistoryItem]) -> [HistoryChapter] {
        var chapters: [HistoryChapter] = []
        var open: [RevisionID: Int] = [:]
        var replaced: Set<PodUID> = []
        for item in merged(revisions.reversed(), events.reversed()) {
            switch item {
            case .revision(let entry):
                open[entry.revision] = chapters.count
                chapters.append(HistoryChapter(entry))
            case .plan(let plan):
                let changes = plan.changes.filter { $0.verb != "create" || !replaced.contains($0.uid) }
                replaced.formUnion(changes.filter { $0.verb == "replace" }.map(\.uid))
                if let index = open[plan.revision] { chapters[index].changes += changes }
            case .action(let intent, let ending):
                guard let index = intent.revision.flatMap({ open[$0] }) else { continue }
                chapters[index].steps.append(Step(intent: intent, ending: ending))
            case .lost: continue
            }
        }
        return chapters.reversed()
    }

    /// Two histories, oldest first, as one; of one time, a revision comes before what is done for it.
    private static func merged(_ revisions: [HistoryItem], _ events: [HistoryItem]) -> [HistoryItem] {
        var events = events[...]
        var all: [HistoryItem] = []
        for revision in revisions {
            let earlier = events.prefix { $0.at < revision.at }
            all += earlier
            all.append(revision)
            events = events.dropFirst(earlier.count)
        }
        return all + events
    }
}

extension HistoryChapter {
    /// What became of the revision, for people: `down` is no revision that could be refused, and one that changed
    /// nothing here says so.
    var resultWord: String {
        if entry.revision == .down { return "requested" }
        let isUnchanged = entry.verdict == .accepted && changes.isEmpty
        return isUnchanged ? "accepted, nothing changed" : entry.verdict.rawValue
    }
}
