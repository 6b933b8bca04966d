import Journal
import NodeRuntime
import PodModel

/// A node's history as the verbs that only look see it.
struct JournalGlance {
    private let reader: JournalReader
    private let isAgentAlive: Bool

    /// - Throws: `CommandFailure` when there is none.
    init(_ paths: NodePaths) throws {
        do {
            reader = try JournalReader(path: Node.journal(below: paths))
        } catch JournalError.missing {
            throw CommandFailure(
                .notFound, "there is no history in \(paths.stateDirectory)",
                hint: "it begins with the first reconcile; is --state-dir right?")
        }
        isAgentAlive = try NodeClaim.holder(of: paths) != nil
    }

    /// Revisions seen, the newest first.
    func revisions(limit: Int) async throws -> [HistoryItem] {
        try await reader.history(HistoryFilter(kinds: [.revision], limit: limit))
    }

    /// Plans and actions, the newest first, as many as are worth a person's time.
    ///
    /// - Parameter revision: only those for it; nil for all.
    func events(for revision: RevisionID?) async throws -> [HistoryItem] {
        try await reader.history(
            HistoryFilter(revision: revision, kinds: [.plan, .action], limit: 10_000), agentIsAlive: isAgentAlive)
    }
}
