import Foundation
import GRDB
import PodModel
import Testing

@testable import Journal

@Suite("History is kept in segments, for a while") struct SegmentTests {
    private let day: Int64 = 86_400

    private func revision(_ id: String, day number: Int64) -> RevisionEntry {
        RevisionEntry(
            revision: RevisionID(id),
            commit: CommitSummary(author: "Ada", email: "", committedAt: .epoch, subject: "Add web"),
            at: WallTime(nanoseconds: number * day * 1_000_000_000), verdict: .accepted, diagnostics: [])
    }

    private func intent(at seconds: Int64) -> ActionIntent {
        ActionIntent(
            revision: RevisionID("r"), pod: PodName(namespace: "default", name: "a"), uid: PodUID("u"), action: .remove,
            at: WallTime(nanoseconds: seconds * 1_000_000_000))
    }

    /// Writes a revision on each of these days, each on its own.
    private func live(_ days: [Int64], _ journal: Journal) async {
        for day in days {
            journal.record(revision("r\(day)", day: day))
            await journal.flush()
        }
    }

    private func revisions(_ path: String) async throws -> [String] {
        try await JournalReader(path: path).history(HistoryFilter(kinds: [.revision], limit: 1000)).map {
            if case .revision(let entry) = $0 { entry.revision.text } else { "" }
        }
    }

    @Test("what is older than its age is dropped, but never the newest revision")
    func age() async throws {
        try await withJournalFile { path in
            let journal = quietJournal(path, retention: Retention(age: .seconds(10 * 86_400)))
            await live(Array(0..<30), journal)
            let kept = try await revisions(path)
            #expect(kept.first == "r29")
            #expect(kept.count <= 12 && kept.count >= 10, "\(kept)")

            // Nobody pushes for a year; something happens each day.
            for later in 30..<400 as Range<Int64> {
                _ = journal.intend(intent(at: later * day))
                await journal.flush()
            }
            #expect(try await revisions(path) == ["r29"])
        }
    }

    @Test("a clock that was wrong for a moment costs little")
    func wrongClock() async throws {
        try await withJournalFile { path in
            let journal = quietJournal(path, retention: Retention(age: .seconds(90 * 86_400)))
            await live(Array(0..<30), journal)
            await live([20_000], journal)
            await live(Array(30..<33), journal)

            let kept = try await revisions(path)
            #expect(kept.count >= 28)
        }
    }

    @Test("the file stays as large as it may be, and holds the newest")
    func size() async throws {
        try await withJournalFile { path in
            let limit: Int64 = 512 << 10
            let journal = quietJournal(path, retention: Retention(bytes: limit))
            for number in 0..<6000 as Range<Int64> {
                let id = journal.intend(intent(at: number))
                journal.conclude(id, .done(ActionDetail("done")), after: .seconds(1))
                if number % 200 == 0 { await journal.flush() }
            }
            await journal.flush()

            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64
            #expect(try #require(size) <= limit + limit / 2)
            let newest = try await JournalReader(path: path).history(HistoryFilter(limit: 1)).first
            #expect(newest?.at.seconds == 5999)
            #expect(try await links(path).count > 1)
        }
    }

    @Test("each closed segment bears a digest of its rows and of the digest before it")
    func chain() async throws {
        try await withJournalFile { path in
            let journal = quietJournal(path)
            await live(Array(0..<5), journal)

            let closed = try await links(path)
            #expect(closed.count >= 3)
            for (before, segment) in zip(closed, closed.dropFirst()) { #expect(segment.previous == before.digest) }
            #expect(closed.allSatisfy { $0.digest == $0.again })

            let database = try DatabaseQueue.beside(path)
            try await database.write { try $0.execute(sql: "UPDATE revision SET revision = 'x' WHERE revision = 'r1'") }
            #expect(try await links(path).contains { $0.digest != $0.again }, "a changed row breaks the chain")
        }
    }

    /// A closed segment: the digest it continues, its own, and what its own would be now.
    private struct Link {
        let previous: String?, digest: String?, again: String
    }

    private func links(_ path: String) async throws -> [Link] {
        try await DatabaseQueue.beside(path).read { database in
            try Row.fetchAll(
                database, sql: "SELECT id, previous, digest FROM segment WHERE ended NOT NULL ORDER BY id"
            ).map { row in
                let previous: String? = row["previous"]
                return Link(
                    previous: previous, digest: row["digest"],
                    again: try SegmentDigest.of(row["id"], after: previous, in: database))
            }
        }
    }

    @Test("an action that is under way when its segment ends belongs to the next one")
    func underWay() async throws {
        try await withJournalFile { path in
            let journal = quietJournal(path)
            await live([0], journal)
            let id = journal.intend(intent(at: 60))
            await journal.flush()
            await live([2, 3], journal)
            journal.conclude(id, .done(ActionDetail()), after: .seconds(1))
            await journal.flush()

            #expect(try await links(path).allSatisfy { $0.digest == $0.again }, "a closed segment does not change")
            let action = try await JournalReader(path: path).history(HistoryFilter(kinds: [.action])).first
            guard case .action(_, .ended)? = action else {
                Issue.record("the end was not written: \(String(describing: action))")
                return
            }
        }
    }
}

@Suite("A journal that an older release wrote is taken over") struct MigrationTests {
    @Test("revisions, plans and actions are there, and new lines follow them")
    func first() async throws {
        try await withJournalFile { path in
            try await Self.writeOldFile(path)
            #expect(try await JournalReader(path: path).history().count == 2, "readable as it is")
            #expect(try await JournalReader(path: path).events() == [])

            let journal = quietJournal(path)
            journal.record(
                PodEvent(
                    pod: PodName(namespace: "blue", name: "web"), uid: PodUID("u"), container: nil, type: .normal,
                    reason: "Scheduled", message: "Successfully assigned blue/web to node-1",
                    at: WallTime(nanoseconds: 3_000_000_000)))
            await journal.flush()

            #expect(journal.trouble == nil)
            let reader = try JournalReader(path: path)
            #expect(try await reader.history().count == 2)
            #expect(try await reader.events().count == 1)
            let began = try await DatabaseQueue.beside(path).read { database in
                try Int64.fetchOne(database, sql: "SELECT began FROM segment WHERE id = 1")
            }
            #expect(began == 1_000_000_000)
        }
    }

    /// A file with the tables and lines of the first release, as it wrote them.
    private static func writeOldFile(_ path: String) async throws {
        let old = try DatabaseQueue.beside(path)
        try await old.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        try await old.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
                    INSERT INTO grdb_migrations VALUES ('1 revisions, plans, actions');
                    CREATE TABLE revision (
                        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, revision TEXT NOT NULL, verdict TEXT NOT NULL,
                        entry TEXT NOT NULL) STRICT;
                    CREATE INDEX revision_at ON revision (at);
                    CREATE TABLE plan (
                        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, revision TEXT NOT NULL,
                        entry TEXT NOT NULL) STRICT;
                    CREATE INDEX plan_at ON plan (at);
                    CREATE TABLE action (
                        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, run INTEGER NOT NULL,
                        namespace TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL,
                        intent TEXT NOT NULL, outcome TEXT, duration INTEGER) STRICT;
                    CREATE INDEX action_at ON action (at);
                    CREATE INDEX action_pod ON action (namespace, name, at);
                    CREATE TABLE run (id INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
                    INSERT INTO run (at) VALUES (1000000000);
                    INSERT INTO revision (at, revision, verdict, entry) VALUES (1000000000, '4f2a', 'accepted',
                        '{"at":{"nanoseconds":1000000000},"commit":{"author":"Ada","committedAt":{"nanoseconds":0},"email":"","subject":"Add web"},"diagnostics":[],"revision":"4f2a","verdict":"accepted"}');
                    INSERT INTO action (at, run, namespace, name, uid, intent, outcome, duration) VALUES (
                        2000000000, 1, 'blue', 'web', 'u',
                        '{"action":{"createSandbox":{"attempt":0}},"at":{"nanoseconds":2000000000},"pod":{"name":"web","namespace":"blue"},"revision":"4f2a","uid":"u"}',
                        '{"done":{"_0":{"message":"address 10.88.0.7"}}}', 12000000);
                    """)
        }
        try old.close()
    }
}
