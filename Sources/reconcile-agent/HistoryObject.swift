import Journal
import Manifests
import PodModel

/// `history -o json`: revisions, the newest first, each with what was decided and done for it.
struct HistoryObject {
    let chapters: [HistoryChapter]
    let lost: [LostLines]

    var json: JSONValue {
        ["revisions": .array(chapters.map(revision)), "lost": .array(lost.map(lines))]
    }

    private func revision(_ chapter: HistoryChapter) -> JSONValue {
        let entry = chapter.entry
        return [
            "id": .string(entry.revision.text), "author": .string(entry.commit.author),
            "email": .string(entry.commit.email), "subject": .string(entry.commit.subject),
            "committedAt": .string(entry.commit.committedAt.rfc3339), "seenAt": .string(entry.at.rfc3339),
            "result": .string(chapter.resultWord), "diagnostics": .array(entry.diagnostics.map(JSONValue.string)),
            "changes": .array(chapter.changes.map(change)), "actions": .array(chapter.steps.map(action)),
        ]
    }

    private func change(_ change: PlanEntry.Change) -> JSONValue {
        [
            "namespace": .string(change.pod.namespace), "name": .string(change.pod.name),
            "uid": .string(change.uid.text), "change": .string(change.verb), "reason": .string(change.reason),
        ]
    }

    private func action(_ step: HistoryChapter.Step) -> JSONValue {
        let (intent, ending) = (step.intent, step.ending.parts)
        return [
            "at": .string(intent.at.rfc3339), "namespace": .string(intent.pod.namespace),
            "name": .string(intent.pod.name), "uid": .string(intent.uid.text), "action": .string(intent.action.verb),
            "container": intent.action.container.map(JSONValue.string) ?? .null, "outcome": .string(ending.word),
            "message": ending.message.map(JSONValue.string) ?? .null,
            "durationSeconds": ending.took.map { .number($0 / .seconds(1)) } ?? .null,
        ]
    }

    private func lines(_ lines: LostLines) -> JSONValue {
        ["at": .string(lines.at.rfc3339), "count": .int(Int64(lines.count)), "reason": .string(lines.reason)]
    }
}

extension ActionEnding {
    /// One word for machines, what was said, and how long it took.
    fileprivate var parts: (word: String, message: String?, took: Duration?) {
        switch self {
        case .ended(.done(let detail), let took): ("done", detail.message.isEmpty ? nil : detail.message, took)
        case .ended(.failed(let failure), let took): ("failed", failure.description, took)
        case .ended(.cancelled, let took): ("cancelled", nil, took)
        case .underWay: ("underWay", nil, nil)
        case .interrupted: ("interrupted", nil, nil)
        }
    }
}
