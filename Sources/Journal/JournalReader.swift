import Dispatch
import Foundation
import GRDB
import PodModel

/// Reads a journal, whether or not an agent is writing it.
public struct JournalReader: Sendable {
    private let path: String
    private let database: DatabaseQueue

    /// Opens a journal without changing it. Blocks for a moment.
    ///
    /// - Throws: `JournalError`.
    public init(path: String) throws {
        database = try JournalFile.reader(path)
        self.path = path
    }

    /// The newest lines of history, newest first; of lines of one time, the one written later first.
    ///
    /// - Parameter agentIsAlive: whether an agent is running: an action without outcome that the newest agent began is
    ///   then under way, else it was interrupted.
    /// - Throws: `JournalError.cannotRead`.
    public func history(_ filter: HistoryFilter = HistoryFilter(), agentIsAlive: Bool = false) async throws
        -> [HistoryItem]
    {
        try await reading { database in
            let items = try filter.kinds.flatMap { kind in
                switch kind {
                case .revision: try revisions(database, filter)
                case .plan: try plans(database, filter)
                case .action: try actions(database, filter, agentIsAlive: agentIsAlive)
                case .lost: try lost(database, filter)
                }
            }
            return Array(items.sorted { $0.order > $1.order }.prefix(filter.limit).map(\.item))
        }
    }

    func reading<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await database.read(body)
        } catch {
            throw JournalError.cannotRead(path: path, reason: words(error))
        }
    }
}

/// A line, and what it is ordered by: its time, then the way from revision to plan to action, then its row.
private struct Line {
    let order: (at: Int64, kind: Int, row: Int64)
    let item: HistoryItem

    init(_ row: Row, kind: Int, _ item: HistoryItem) {
        order = (row["at"], kind, row["id"])
        self.item = item
    }
}

private func revisions(_ database: Database, _ filter: HistoryFilter) throws -> [Line] {
    // A revision is about no Pod in particular.
    if filter.pod != nil { return [] }
    let rows = try Row.fetchAll(
        database,
        sql: """
            SELECT id, at, entry FROM revision WHERE :revision IS NULL OR revision = :revision
            ORDER BY at DESC, id DESC LIMIT :limit
            """,
        arguments: ["revision": filter.revision?.text, "limit": filter.limit])
    return try rows.map { Line($0, kind: 0, .revision(try value(RevisionEntry.self, of: $0["entry"]))) }
}

private func plans(_ database: Database, _ filter: HistoryFilter) throws -> [Line] {
    let rows = try Row.fetchAll(
        database,
        sql: """
            SELECT id, at, entry FROM plan
            WHERE (:revision IS NULL OR revision = :revision) AND (:namespace IS NULL OR EXISTS (
                SELECT 1 FROM json_each(plan.entry, '$.changes') AS change
                WHERE change.value ->> '$.pod.namespace' = :namespace AND change.value ->> '$.pod.name' = :name))
            ORDER BY at DESC, id DESC LIMIT :limit
            """,
        arguments: filter.arguments)
    return try rows.map { Line($0, kind: 1, .plan(try value(PlanEntry.self, of: $0["entry"]))) }
}

private func actions(_ database: Database, _ filter: HistoryFilter, agentIsAlive: Bool) throws -> [Line] {
    let newestRun = try Int64.fetchOne(database, sql: "SELECT max(id) FROM run")
    let rows = try Row.fetchAll(
        database,
        sql: """
            SELECT id, at, run, intent, outcome, duration FROM action
            WHERE (:revision IS NULL OR intent ->> '$.revision' = :revision)
                AND (:namespace IS NULL OR (namespace = :namespace AND name = :name))
            ORDER BY at DESC, id DESC LIMIT :limit
            """,
        arguments: filter.arguments)
    return try rows.map { row in
        let intent = try value(ActionIntent.self, of: row["intent"])
        let ending: ActionEnding
        if let outcome: String = row["outcome"], let duration: Int64 = row["duration"] {
            ending = .ended(try value(ActionOutcome.self, of: outcome), after: .nanoseconds(duration))
        } else {
            ending = agentIsAlive && row["run"] == newestRun ? .underWay : .interrupted
        }
        return Line(row, kind: 2, .action(intent, ending))
    }
}

private func lost(_ database: Database, _ filter: HistoryFilter) throws -> [Line] {
    // Nobody knows what they were about. A file of an older release has no such table.
    if filter.pod != nil || filter.revision != nil { return [] }
    guard try database.tableExists("lost") else { return [] }
    let rows = try Row.fetchAll(
        database, sql: "SELECT id, at, count, reason FROM lost ORDER BY at DESC, id DESC LIMIT ?",
        arguments: [filter.limit])
    return rows.map { row in
        Line(
            row, kind: 3,
            .lost(LostLines(at: WallTime(nanoseconds: row["at"]), count: row["count"], reason: row["reason"])))
    }
}

extension HistoryFilter {
    fileprivate var arguments: StatementArguments {
        ["revision": revision?.text, "namespace": pod?.namespace, "name": pod?.name, "limit": limit]
    }
}

private func value<Value: Decodable>(_ type: Value.Type, of text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
}
