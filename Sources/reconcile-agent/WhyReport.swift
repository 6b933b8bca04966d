import Journal
import PodModel
import Reconciler
import Tables

/// What `why` says about one Pod.
struct WhyReport {
    let pod: PodName
    /// Nil when the Pod is gone.
    let status: PodStatus?
    /// Newest first.
    let revisions: [RevisionEntry]
    /// Plans and actions about the Pod, newest first.
    let history: [HistoryItem]
    let now: WallTime

    /// How many actions are told of.
    private static let shown = 10

    /// Whether there is anything to say.
    var isKnown: Bool { status != nil || !history.isEmpty }

    var text: String { (lines.map { "\($0)\n" }).joined() + steps }

    private var lines: [String] {
        var lines = [state]
        if let hold = status?.hold {
            let subject = hold.keepsFromStarting ? "it" : "what its manifest says now"
            lines.append("\(subject) waits, \(hold.reason.rawValue): \(hold.message)")
        }
        lines += status.map { $0.isScheduled ? $0.containersToTell.compactMap(reason) : [] } ?? []
        if let status {
            lines.append("defined in \(status.accepted.file), application \(status.accepted.application)")
        }
        lines += changes
        return lines
    }

    private var state: String {
        guard let status else { return "\(pod) is gone" }
        let restarts = status.restarts == 1 ? "1 restart" : "\(status.restarts) restarts"
        return "\(pod) is \(status.statusWord), \(restarts), \(Age(now - status.accepted.createdAt)) old"
    }

    /// Why a container is not running; nil when it is.
    private func reason(_ container: ContainerStatus) -> String? {
        switch container.state {
        case .running: return nil
        case .waiting(let waiting):
            let last = container.lastExit.map { "; it ended with \(words(for: $0))" } ?? ""
            let message = waiting.message.isEmpty ? "" : ": \(waiting.message)"
            return "container \(container.name) waits, \(waiting.reason)\(message)\(last)"
                + container.nextStartWords(now: now)
        case .terminated(let exit): return "container \(container.name) ended with \(words(for: exit))"
        }
    }

    private func words(for exit: ContainerExit) -> String {
        "exit code \(exit.code), \(exit.reason.rawValue)\(exit.message.map { ": \($0)" } ?? ""), "
            + "\(Age(now - exit.finishedAt)) ago"
    }

    /// The newest decisions about the Pod, each with who pushed what led to it.
    private var changes: [String] {
        let decisions = history.compactMap { item -> (PlanEntry, PlanEntry.Change)? in
            guard case .plan(let plan) = item, let change = plan.changes.first(where: { $0.pod == pod }) else {
                return nil
            }
            return (plan, change)
        }
        return decisions.prefix(3).map { plan, change in
            let entry = revisions.first { $0.revision == plan.revision }
            let author = entry.map { ": \($0.commit.subject) (\($0.commit.author))" } ?? ""
            return "\(change.verb) \(Age(now - plan.at)) ago, \(change.reason), for \(plan.revision.short)\(author)"
        }
    }

    private var steps: String {
        let actions = history.compactMap { item -> [String]? in
            guard case .action(let intent, let ending) = item else { return nil }
            let (took, outcome) = ending.words
            return ["\(Age(now - intent.at)) ago", intent.action.phrase, took, outcome]
        }.prefix(Self.shown)
        if actions.isEmpty { return "" }
        return "\n" + TextTable(headers: ["WHEN", "ACTION", "TOOK", "OUTCOME"], rows: actions.reversed()).text()
    }
}
