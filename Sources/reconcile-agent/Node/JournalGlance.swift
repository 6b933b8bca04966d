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
        } catch let error as JournalError {
            throw CommandFailure(.actionFailed, error.description)
        }
        isAgentAlive = try NodeClaim.holder(of: paths) != nil
    }

    /// Why a node's history cannot be read; nil if it can, or if there is none yet.
    static func trouble(with paths: NodePaths) -> String? {
        do {
            _ = try JournalReader(path: Node.journal(below: paths))
            return nil
        } catch JournalError.missing {
            return nil
        } catch { return "\(error)" }
    }

    /// Revisions seen, the newest first.
    func revisions(limit: Int) async throws -> [HistoryItem] {
        try await reader.history(HistoryFilter(kinds: [.revision], limit: limit))
    }

    /// What happened to Pods, the newest last.
    func happenings(_ filter: EventFilter) async throws -> [EventSeries] { try await reader.events(filter) }

    /// Where lines are missing, the newest first.
    func lost() async throws -> [LostLines] {
        try await reader.history(HistoryFilter(kinds: [.lost], limit: 100)).compactMap {
            if case .lost(let lines) = $0 { lines } else { nil }
        }
    }

    /// Plans and actions, the newest first, as many of each as are worth a person's time.
    ///
    /// - Parameters:
    ///   - revision: only those for it; nil for all.
    ///   - pod: only those about it; nil for all.
    func events(for revision: RevisionID?, of pod: PodName? = nil) async throws -> [HistoryItem] {
        let plans = try await reader.history(
            HistoryFilter(pod: pod, revision: revision, kinds: [.plan], limit: 10_000))
        let actions = try await reader.history(
            HistoryFilter(pod: pod, revision: revision, kinds: [.action], limit: 10_000), agentIsAlive: isAgentAlive)
        // Of one time, what was done comes after what was planned.
        return (plans + actions).enumerated().sorted { ($1.element.at, $0.offset) < ($0.element.at, $1.offset) }
            .map(\.element)
    }
}
