import Foundation
import GRDB
import PodModel

/// The one writer of an open journal: lines to rows, a batch per transaction.
struct JournalWriter: Sendable {
    private let database: DatabaseQueue
    private let retention: Retention
    private let run: Int64
    /// The rows of actions under way.
    private var rows: [IntentID: Int64] = [:]
    /// Lines since the last look at the segments.
    private var unchecked = 0
    private var checkedAt: WallTime?

    /// How many lines are written between two looks at the segments.
    private static let checkEvery = 256

    /// Notes that an agent began to write.
    init(_ database: DatabaseQueue, _ retention: Retention, now: WallTime) throws {
        self.database = database
        self.retention = retention
        run = try database.write { database in
            try database.execute(sql: "INSERT INTO run (at) VALUES (?)", arguments: [now.nanoseconds])
            let run = database.lastInsertedRowID
            // The first segment of a new file begins now.
            try database.execute(sql: "UPDATE segment SET began = ? WHERE began = 0", arguments: [now.nanoseconds])
            return run
        }
    }

    /// Writes lines as one transaction.
    ///
    /// - Returns: the lines that were refused for what they are, and why the first of them was.
    /// - Throws: when nothing can be written at all; nothing is then.
    mutating func write(_ lines: ArraySlice<JournalLine>, after lost: LostLines?) throws -> (
        count: Int, reason: String
    )? {
        let newest = lines.compactMap(\.at).max()
        let isCheckDue = isCheckDue(after: lines.count, newest)
        let house = isCheckDue ? newest : nil
        var refused: (count: Int, reason: String)?
        do {
            rows = try written(lines, after: lost, house) { try insert($0, &$1, $2) }
        } catch let error as DatabaseError where error.isOfTheFile {
            throw error
        } catch {
            (rows, refused) = try writtenOneByOne(lines, after: lost, house)
        }
        if isCheckDue { (unchecked, checkedAt) = (0, newest) } else { unchecked += lines.count }
        return refused
    }

    /// Writes what of the lines can be written: one of them cannot.
    private func writtenOneByOne(
        _ lines: ArraySlice<JournalLine>, after lost: LostLines?, _ house: WallTime?
    ) throws -> (rows: [IntentID: Int64], refused: (count: Int, reason: String)?) {
        var refused: (count: Int, reason: String)?
        let rows = try written(lines, after: lost, house) { line, rows, database in
            do {
                try database.inSavepoint {
                    try insert(line, &rows, database)
                    return .commit
                }
            } catch let error as DatabaseError where error.isOfTheFile {
                throw error
            } catch {
                refused = ((refused?.count ?? 0) + 1, refused?.reason ?? "\(error)")
            }
        }
        return (rows, refused)
    }

    /// Writes lines as one transaction, each by `put`, and keeps house when it is time to.
    ///
    /// - Returns: the rows of actions under way.
    private func written(
        _ lines: ArraySlice<JournalLine>, after lost: LostLines?, _ house: WallTime?,
        by put: (JournalLine, inout [IntentID: Int64], Database) throws -> Void
    ) throws -> [IntentID: Int64] {
        try database.write { database in
            var rows = rows
            if let lost { try insert(lost, database) }
            for line in lines { try put(line, &rows, database) }
            if let house { try Segments.keepHouse(database, retention, run: run, now: house) }
            return rows
        }
    }

    private func isCheckDue(after count: Int, _ newest: WallTime?) -> Bool {
        guard let checkedAt, let newest else { return true }
        return unchecked + count >= Self.checkEvery || newest - checkedAt >= .seconds(3600)
    }

    private func insert(_ line: JournalLine, _ rows: inout [IntentID: Int64], _ database: Database) throws {
        switch line {
        case .revision(let entry):
            try database.run(
                """
                INSERT INTO revision (at, revision, verdict, entry, segment)
                VALUES (?, ?, ?, ?, (SELECT max(id) FROM segment))
                """,
                arguments: [entry.at.nanoseconds, entry.revision.text, entry.verdict.rawValue, try text(entry)])
        case .plan(let entry):
            try database.run(
                "INSERT INTO plan (at, revision, entry, segment) VALUES (?, ?, ?, (SELECT max(id) FROM segment))",
                arguments: [entry.at.nanoseconds, entry.revision.text, try text(entry)])
        case .begun(let id, let intent):
            try database.run(
                """
                INSERT INTO action (at, run, namespace, name, uid, intent, segment)
                VALUES (?, ?, ?, ?, ?, ?, (SELECT max(id) FROM segment))
                """,
                arguments: [
                    intent.at.nanoseconds, run, intent.pod.namespace, intent.pod.name, intent.uid.text,
                    try text(intent),
                ])
            rows[id] = database.lastInsertedRowID
        case .ended(let id, let outcome, let duration):
            // The beginning may have been lost, or stand in a journal that was set aside.
            guard let row = rows.removeValue(forKey: id) else { return }
            try database.run(
                "UPDATE action SET outcome = ?, duration = ? WHERE id = ?",
                arguments: [try text(outcome), duration.nanoseconds, row])
        case .event(let event): try insert(event, database)
        }
    }

    /// The same event of the same segment is counted (Kubernetes: by object, type, reason and message).
    private func insert(_ event: PodEvent, _ database: Database) throws {
        try database.run(
            """
            INSERT INTO event (
                segment, namespace, name, uid, container, type, reason, message, count, first, last)
            VALUES ((SELECT max(id) FROM segment), ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
            ON CONFLICT (segment, uid, container, type, reason, message)
            DO UPDATE SET count = count + 1, last = max(last, excluded.last)
            """,
            arguments: [
                event.pod.namespace, event.pod.name, event.uid.text, event.containerColumn, event.type.rawValue,
                event.reason, event.message, event.at.nanoseconds, event.at.nanoseconds,
            ])
    }

    private func insert(_ lost: LostLines, _ database: Database) throws {
        try database.run(
            "INSERT INTO lost (segment, at, count, reason) VALUES ((SELECT max(id) FROM segment), ?, ?, ?)",
            arguments: [lost.at.nanoseconds, lost.count, lost.reason])
    }
}

extension Database {
    /// Runs a statement that is compiled once.
    fileprivate func run(_ sql: String, arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

/// A value as the JSON text of a column.
private func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
