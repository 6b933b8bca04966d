import Journal
import PodModel
import Tables

/// One revision as `history show` prints it: who made it, what was decided for it, and every action.
struct ChapterPresentation {
    let chapter: HistoryChapter
    let now: WallTime

    var text: String {
        [head, lines(chapter.entry.diagnostics), lines(chapter.changes.map(\.sentence)), steps]
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var head: String {
        let entry = chapter.entry
        let address = entry.commit.email.isEmpty ? "" : " <\(entry.commit.email)>"
        return lines([
            "revision   \(entry.revision)", "author     \(entry.commit.author)\(address)",
            "subject    \(entry.commit.subject)", "seen       \(entry.at.rfc3339) (\(Age(now - entry.at)) ago)",
            "result     \(chapter.resultWord)",
        ])
    }

    private var steps: String {
        if chapter.steps.isEmpty { return "" }
        return TextTable(
            headers: ["WHEN", "POD", "ACTION", "TOOK", "OUTCOME"],
            rows: chapter.steps.map { step in
                let (took, outcome) = step.ending.words
                return [step.intent.at.rfc3339, "\(step.intent.pod)", step.intent.action.phrase, took, outcome]
            }
        ).text()
    }

    private func lines(_ lines: [String]) -> String { lines.map { "\($0)\n" }.joined() }
}

extension ActionEnding {
    /// How long the action took, and how it ended.
    var words: (took: String, outcome: String) {
        switch self {
        case .ended(.done(let detail), let took):
            (Elapsed(took).description, detail.message.isEmpty ? "done" : detail.message)
        case .ended(.failed(let failure), let took): (Elapsed(took).description, "failed: \(failure)")
        case .ended(.cancelled, let took): (Elapsed(took).description, "cancelled: the agent was stopped")
        case .underWay: ("-", "under way")
        case .interrupted: ("-", "interrupted: the agent ended before it did")
        }
    }
}
