import Dispatch
import Foundation
import GRDB
import Logging
import PodModel
import Synchronization

/// The history in one SQLite file: write-ahead log, survives kill -9, may lose its tail at power loss.
///
/// Writing happens on the journal's own serial queue; no caller waits, and the cooperative pool never blocks. A row that
/// cannot be written is dropped, `trouble` says why until a later row can, and healing goes on.
public final class Journal: History {
    /// Where a damaged file was put when this journal was opened; nil if it was sound.
    public let movedAside: String?
    private let path: String
    private let database: DatabasePool
    private let queue = DispatchQueue(label: "journal", qos: .utility)
    private let run: Int64
    private let nextAction: Atomic<Int64>
    private let failure = Mutex<String?>(nil)
    private let log: Logger

    /// Opens the journal for writing, and creates it if there is none.
    ///
    /// A file that is damaged is moved aside, to `<path>.damaged-<seconds>`, and a new one is begun.
    ///
    /// - Parameter now: when this agent began: an intent of an earlier one without outcome was interrupted.
    /// - Throws: `JournalError.cannotOpen`. Blocks: call it before serving, or off the cooperative pool.
    public init(path: String, now: WallTime, log: Logger) throws {
        (database, movedAside) = try JournalFile.open(path, now: now, log: log)
        self.path = path
        self.log = log
        do {
            let (run, last) = try database.write { database in
                try database.execute(sql: "INSERT INTO run (at) VALUES (?)", arguments: [now.nanoseconds])
                let run = database.lastInsertedRowID
                return (run, try Int64.fetchOne(database, sql: "SELECT max(id) FROM action") ?? 0)
            }
            self.run = run
            nextAction = Atomic(last + 1)
        } catch {
            throw JournalError.cannotOpen(path: path, reason: "\(error)")
        }
    }

    /// Why rows are being dropped; nil if they are not.
    public var trouble: String? { failure.withLock { $0 } }

    /// A revision was seen, accepted or refused.
    public func record(_ entry: RevisionEntry) {
        write { database in
            try database.execute(
                sql: "INSERT INTO revision (at, revision, verdict, entry) VALUES (?, ?, ?, ?)",
                arguments: [entry.at.nanoseconds, entry.revision.text, entry.verdict.rawValue, try text(entry)])
        }
    }

    /// A plan was made that changes something.
    public func record(_ entry: PlanEntry) {
        write { database in
            try database.execute(
                sql: "INSERT INTO plan (at, revision, entry) VALUES (?, ?, ?)",
                arguments: [entry.at.nanoseconds, entry.revision.text, try text(entry)])
        }
    }

    /// An action is about to be carried out.
    public func intend(_ intent: ActionIntent) -> IntentID {
        let id = nextAction.add(1, ordering: .relaxed).oldValue
        let run = run
        write { database in
            try database.execute(
                sql: "INSERT INTO action (id, at, run, namespace, name, uid, intent) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    id, intent.at.nanoseconds, run, intent.pod.namespace, intent.pod.name, intent.uid.text,
                    try text(intent),
                ])
        }
        return IntentID(id)
    }

    /// How an action ended, and how long it took.
    public func conclude(_ intent: IntentID, _ outcome: ActionOutcome, after duration: Duration) {
        write { database in
            try database.execute(
                sql: "UPDATE action SET outcome = ?, duration = ? WHERE id = ?",
                arguments: [try text(outcome), duration.nanoseconds, intent.number])
        }
    }

    /// Returns once everything handed over before is written, or dropped.
    public func flush() async {
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    private func write(_ statement: @escaping @Sendable (Database) throws -> Void) {
        queue.async { [self] in
            do {
                try database.write(statement)
                failure.withLock { $0 = nil }
            } catch {
                let isNews = failure.withLock { failure in
                    defer { failure = "the journal \(path) cannot be written: \(error)" }
                    return failure == nil
                }
                if isNews {
                    log.error("journal cannot be written", metadata: ["path": "\(path)", "error": "\(error)"])
                }
            }
        }
    }
}

/// A value as the JSON text of a column.
private func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
