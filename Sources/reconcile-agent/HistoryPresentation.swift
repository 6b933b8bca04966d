import Journal
import PodModel
import Tables

/// The journal's lines as `history` prints them: revisions, and below each what was done for it.
struct HistoryPresentation {
    /// Newest first.
    let revisions: [HistoryItem]
    /// Plans and actions, newest first.
    let events: [HistoryItem]
    let now: WallTime

    var text: String {
        HistoryTable(
            rows: revisions.compactMap { item in
                guard case .revision(let entry) = item else { return nil }
                return HistoryRow(
                    revision: entry.revision.text, age: now - entry.at, author: entry.commit.author,
                    subject: entry.commit.subject, result: entry.verdict.rawValue,
                    actions: entry.diagnostics + lines(of: entry.revision))
            }
        ).text
    }

    /// What was planned for a revision and which actions failed, in the order in which it happened; what happened more
    /// than once stands once, with its count.
    private func lines(of revision: RevisionID) -> [String] {
        var counts: [String: Int] = [:]
        var order: [String] = []
        for line in events.reversed().flatMap({ words(of: $0, for: revision) }) {
            counts[line, default: 0] += 1
            if counts[line] == 1 { order.append(line) }
        }
        return order.map { line in counts[line].flatMap { $0 > 1 ? "\(line) (\($0) times)" : nil } ?? line }
    }

    private func words(of item: HistoryItem, for revision: RevisionID) -> [String] {
        switch item {
        case .plan(let entry) where entry.revision == revision:
            entry.changes.map { "\($0.verb) \($0.pod): \($0.reason)" }
        case .action(let intent, .ended(.failed(let failure), _)) where intent.revision == revision:
            ["failed \(intent.action.verb) \(intent.pod): \(failure)"]
        default: []
        }
    }
}
