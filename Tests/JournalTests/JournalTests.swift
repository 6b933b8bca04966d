import Foundation
import GRDB
import Journal
import Logging
import PodModel
import Testing

@Suite("Journal") struct JournalTests {
    @Test("history is told newest first, with what became of each action")
    func newestFirst() async throws {
        try await withJournal { path in
            let journal = open(path)
            journal.record(revision(at: 1))
            journal.record(plan("a", at: 2))
            let start = journal.intend(intent("a", .createSandbox(attempt: 0), at: 3))
            journal.conclude(start, .done(ActionDetail("address 10.88.0.7")), after: .milliseconds(12))
            let failed = journal.intend(intent("a", .stopSandbox, at: 4))
            let failure = ActionFailure(reason: "FailedKillPod", message: "the cgroup is busy")
            journal.conclude(failed, .failed(failure), after: .seconds(1))
            await journal.flush()

            let history = try await JournalReader(path: path).history()

            #expect(
                history == [
                    .action(intent("a", .stopSandbox, at: 4), .ended(.failed(failure), after: .seconds(1))),
                    .action(
                        intent("a", .createSandbox(attempt: 0), at: 3),
                        .ended(.done(ActionDetail("address 10.88.0.7")), after: .milliseconds(12))),
                    .plan(plan("a", at: 2)),
                    .revision(revision(at: 1)),
                ])
            #expect(journal.trouble == nil)
        }
    }

    @Test("an intent without outcome is under way while its agent lives, and interrupted after")
    func interrupted() async throws {
        try await withJournal { path in
            let killed = open(path)
            _ = killed.intend(intent("a", .stopSandbox, at: 1))
            await killed.flush()
            let reader = try JournalReader(path: path)

            #expect(
                try await reader.history(agentIsAlive: true) == [
                    .action(intent("a", .stopSandbox, at: 1), .underWay)
                ])

            // The killed agent never closed its file; its successor opens the same one.
            let successor = open(path)
            _ = successor.intend(intent("a", .remove, at: 2))
            await successor.flush()

            #expect(
                try await reader.history(agentIsAlive: true) == [
                    .action(intent("a", .remove, at: 2), .underWay),
                    .action(intent("a", .stopSandbox, at: 1), .interrupted),
                ])
            withExtendedLifetime(killed) {}
        }
    }

    @Test("what was written survives an agent that was killed without closing the file")
    func survivesKill() async throws {
        try await withJournal { path in
            let journal = open(path)
            journal.record(revision(at: 1))
            await journal.flush()
            let copy = path + ".copy"
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
            }

            #expect(try await JournalReader(path: copy).history() == [.revision(revision(at: 1))])
            withExtendedLifetime(journal) {}
        }
    }

    @Test("a filter picks a Pod, a kind, and a number of lines")
    func filter() async throws {
        try await withJournal { path in
            let journal = open(path)
            journal.record(revision(at: 1))
            for (time, name) in ["a", "b", "a"].enumerated() {
                journal.record(plan(name, at: Int64(time) + 2))
                _ = journal.intend(intent(name, .remove, at: Int64(time) + 2))
            }
            await journal.flush()
            let reader = try JournalReader(path: path)

            let ofA = try await reader.history(HistoryFilter(pod: PodName(namespace: "default", name: "a")))
            let revisions = try await reader.history(HistoryFilter(kinds: [.revision]))
            let two = try await reader.history(HistoryFilter(limit: 2))

            #expect(ofA.map(\.at.nanoseconds) == [4, 4, 2, 2])
            #expect(revisions == [.revision(revision(at: 1))])
            #expect(
                two == [.action(intent("a", .remove, at: 4), .interrupted), .plan(plan("a", at: 4))])
        }
    }

    @Test("a filter picks a revision: its own line, its plans and its actions")
    func revisionFilter() async throws {
        try await withJournal { path in
            let journal = open(path)
            for id in ["4f2a", "91b0"] {
                journal.record(revision(id, at: 1))
                journal.record(plan("a", of: id, at: 2))
                _ = journal.intend(intent("a", .remove, of: id, at: 3))
            }
            await journal.flush()

            let history = try await JournalReader(path: path).history(HistoryFilter(revision: RevisionID("91b0")))

            #expect(
                history == [
                    .action(intent("a", .remove, of: "91b0", at: 3), .interrupted),
                    .plan(plan("a", of: "91b0", at: 2)), .revision(revision("91b0", at: 1)),
                ])
        }
    }

    @Test("a damaged file is moved aside, and a new one is begun")
    func damaged() async throws {
        try await withJournal { path in
            try Data("this is no database, and long enough to be taken for one".utf8)
                .write(to: URL(fileURLWithPath: path))

            let journal = open(path)
            journal.record(revision(at: 1))
            await journal.flush()

            #expect(journal.movedAside == "\(path).damaged-7")
            #expect(FileManager.default.fileExists(atPath: "\(path).damaged-7"))
            #expect(try await JournalReader(path: path).history().count == 1)
        }
    }

    @Test("a damaged page is found when the file is opened")
    func damagedPage() async throws {
        try await withJournal { path in
            do {
                let journal = open(path)
                for time in 0..<200 { journal.record(revision(at: Int64(time))) }
                await journal.flush()
            }
            // The journal closes its file on its own queue.
            while FileManager.default.fileExists(atPath: path + "-wal") { try await Task.sleep(for: .milliseconds(5)) }
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.seek(toOffset: 4096)
            try file.write(contentsOf: Data(repeating: 0xFF, count: 4096 * 8))
            try file.close()
            try? FileManager.default.removeItem(atPath: path + "-wal")

            let journal = open(path)
            await journal.flush()
            #expect(journal.movedAside != nil)
        }
    }

    @Test("nobody waits for a journal that is locked, and nothing is lost once it is free")
    func locked() async throws {
        try await withJournal { path in
            let journal = open(path)
            let other = try DatabaseQueue.beside(path)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }

            for time in 0..<100 { journal.record(revision(at: Int64(time))) }
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            await journal.flush()

            #expect(try await JournalReader(path: path).history(HistoryFilter(limit: 500)).count == 100)
        }
    }

    @Test("a journal that cannot be opened says why, and loses nothing once it can")
    func trouble() async throws {
        try await withJournal { path in
            let directory = "\(path).d"
            let journal = open("\(directory)/journal.sqlite")
            journal.record(revision(at: 1))
            await journal.flush()
            #expect(journal.trouble?.contains("\(directory)/journal.sqlite cannot be opened") == true)

            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            journal.record(plan("a", at: 2))
            await journal.flush()

            #expect(journal.trouble == nil)
            #expect(try await JournalReader(path: "\(directory)/journal.sqlite").history().count == 2)
        }
    }

    @Test("a line that the file refuses is counted as lost, and keeps no other from being written")
    func refused() async throws {
        try await withJournal { path in
            let journal = open(path)
            await journal.flush()
            let other = try DatabaseQueue.beside(path)
            try await other.write { try $0.execute(sql: "ALTER TABLE revision RENAME COLUMN verdict TO judgement") }

            journal.record(revision(at: 1))
            journal.record(plan("a", at: 2))
            await journal.flush()

            let history = try await JournalReader(path: path).history(HistoryFilter(kinds: [.plan, .lost]))
            #expect(history.contains(.plan(plan("a", at: 2))))
            let lost = history.compactMap { if case .lost(let lines) = $0 { lines } else { nil } }
            let lines = try #require(lost.first)
            #expect(lost.count == 1)
            #expect(lines.count == 1)
            #expect(lines.reason.contains("verdict"))
        }
    }

    @Test("a journal of a newer release is left as it is, and says so")
    func newer() async throws {
        try await withJournal { path in
            do {
                let journal = open(path)
                await journal.flush()
            }
            let other = try DatabaseQueue.beside(path)
            try await other.write { database in
                try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 what nobody knows yet')")
            }
            let before = try Data(contentsOf: URL(fileURLWithPath: path))

            let journal = open(path)
            journal.record(revision(at: 1))
            await journal.flush()

            #expect(journal.trouble?.contains("was written by a newer release, and is left as it is") == true)
            #expect(journal.movedAside == nil)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
            let error = #expect(throws: JournalError.self) { try JournalReader(path: path) }
            #expect(error?.description.contains("newer release") == true)
        }
    }

    @Test("a file that is damaged while it is written is set aside, and a new one is begun")
    func damagedMeanwhile() async throws {
        try await withJournal { path in
            let journal = open(path)
            journal.record(revision(at: 1))
            await journal.flush()
            let other = try DatabaseQueue.beside(path)
            try await other.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.write(contentsOf: Data(repeating: 0xFF, count: 4096 * 12))
            try file.close()

            journal.record(revision(at: 2))
            await journal.flush()
            journal.record(revision(at: 3))
            await journal.flush()

            #expect(journal.movedAside != nil)
            #expect(journal.trouble == nil)
            #expect(try await JournalReader(path: path).history().contains(.revision(revision(at: 3))))
        }
    }

    @Test("a disk that does not answer costs lines, each of them counted, and no caller its time")
    func stuck() async throws {
        try await withJournal { path in
            let journal = open(path, backlog: 10)
            await journal.flush()
            let other = try DatabaseQueue.beside(path)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }

            for time in 0..<100 { journal.record(revision(at: Int64(time))) }
            #expect(journal.trouble?.contains("does not answer") == true)
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            await journal.flush()

            #expect(journal.trouble == nil)
            let history = try await JournalReader(path: path).history(HistoryFilter(limit: 500))
            let lost = history.compactMap { if case .lost(let lines) = $0 { lines.count } else { nil } }
            #expect(history.count - lost.count + lost.reduce(0, +) == 100)
            #expect(lost.reduce(0, +) >= 80)
        }
    }

    @Test("without a journal the reader says where it looked")
    func missing() async throws {
        try await withJournal { path in
            #expect(throws: JournalError.self) { try JournalReader(path: path) }
        }
    }
}

private func withJournal(_ body: (String) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try await body(directory.appendingPathComponent("journal.sqlite").path)
}

private func open(_ path: String, backlog: Int = Journal.backlogLimit) -> Journal {
    Journal(
        path: path, now: WallTime(nanoseconds: 7_000_000_000), backlog: backlog,
        log: Logger(label: "test") { _ in
            SwiftLogNoOpLogHandler()
        })
}

private func revision(_ id: String = "4f2a", at time: Int64) -> RevisionEntry {
    RevisionEntry(
        revision: RevisionID(id),
        commit: CommitSummary(
            author: "Ada", email: "ada@example.org", committedAt: WallTime(nanoseconds: 0), subject: "Add web"),
        at: WallTime(nanoseconds: time), verdict: .partlyAccepted, diagnostics: ["web/pod.yaml:14:7: unknown field"])
}

private func plan(_ pod: String, of revision: String = "4f2a", at time: Int64) -> PlanEntry {
    PlanEntry(
        revision: RevisionID(revision), at: WallTime(nanoseconds: time),
        changes: [
            PlanEntry.Change(
                pod: PodName(namespace: "default", name: pod), uid: PodUID("u"), verb: "create", reason: "defined")
        ])
}

private func intent(
    _ pod: String, _ action: PodAction, of revision: String = "4f2a", at time: Int64
) -> ActionIntent {
    ActionIntent(
        revision: RevisionID(revision), pod: PodName(namespace: "default", name: pod), uid: PodUID("u"), action: action,
        at: WallTime(nanoseconds: time))
}
