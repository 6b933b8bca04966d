import Journal
import PodModel
import Tables

/// Revisions as `history` prints them: a line each, and below it what was decided for it and what failed.
struct HistoryPresentation {
    /// Newest first.
    let chapters: [HistoryChapter]
    let now: WallTime

    var text: String {
        HistoryTable(
            rows: chapters.map { chapter in
                let entry = chapter.entry
                return HistoryRow(
                    revision: entry.revision.text, age: now - entry.at, author: entry.commit.author,
                    subject: entry.commit.subject, result: chapter.resultWord,
                    actions: entry.diagnostics + counted(chapter.changes.map(\.sentence) + failures(of: chapter)))
            }
        ).text
    }

    private func failures(of chapter: HistoryChapter) -> [String] {
        chapter.steps.compactMap { step in
            let what = "\(step.intent.action.phrase) of \(step.intent.pod)"
            return switch step.ending {
            case .ended(.failed(let failure), _): "failed to \(what): \(failure)"
            case .interrupted: "interrupted: \(what), when the agent ended"
            case .ended(.done, _), .ended(.cancelled, _), .underWay: nil
            }
        }
    }

    /// What happened more than once stands once, with its count.
    private func counted(_ lines: [String]) -> [String] {
        var counts: [String: Int] = [:]
        for line in lines { counts[line, default: 0] += 1 }
        var seen: Set<String> = []
        return lines.filter { seen.insert($0).inserted }
            .map { line in counts[line].flatMap { $0 > 1 ? "\(line) (\($0) times)" : nil } ?? line }
    }
}

extension PlanEntry.Change {
    /// `replace blue/nginx-pod: spec.containers[0].env changed`.
    var sentence: String { "\(verb) \(pod): \(reason)" }
}

extension PodAction {
    /// The action and its container: `start container nginx-container`.
    var phrase: String { container.map { "\(verb) \($0)" } ?? verb }
}
