import Foundation
import GRDB
import Glibc
import Linux
import Patience
import Testing

@testable import Journal

@Suite("A writer that is killed loses nothing it was told is written", .timeLimit(.minutes(5))) struct KillTests {
    private static let rounds = 60

    /// The writer stands beside the test bundle, which is this very program.
    private var writer: String {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "test-journal")
            .path(percentEncoded: false)
    }

    @Test("killed 60 times at random instants: the file is sound, and every acknowledged line is there")
    func killed() async throws {
        try await withJournalFile { path in
            var acknowledged = 0
            for round in 0..<Self.rounds {
                let ticks = try await writeAndDie(
                    path, from: round * 1_000_000, after: .milliseconds(Int.random(in: 5...250) * patience))
                acknowledged += ticks
                let (verdict, actions, ticked) = try await look(path)
                #expect(verdict == "ok", "round \(round)")
                #expect(actions >= acknowledged, "round \(round)")
                #expect(ticked >= acknowledged, "round \(round)")
            }
            #expect(acknowledged > Self.rounds, "the writer wrote")
        }
    }

    /// - Returns: how many lines the writer was told are written.
    private func writeAndDie(_ path: String, from first: Int, after delay: Duration) async throws -> Int {
        let pipe = try Linux.Pipe()
        let child = try spawn(
            executable: writer, arguments: [path, "\(first)"], descriptors: [1: pipe.writing.raw, 2: 2])
        let output = pipe.intoReading()
        // Not by the tasks' clock: while other tests hold every thread, the writer would write for minutes.
        usleep(useconds_t(delay / .microseconds(1)))
        kill(child.pid, SIGKILL)
        #expect(try child.reap() == .signaled(SIGKILL), "it was writing to the last")
        let text = String(decoding: try output.readToEnd(), as: UTF8.self)
        // A line that was cut short by the kill was not told.
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().last.flatMap { Int($0) } ?? 0
    }

    private func look(_ path: String) async throws -> (verdict: String, actions: Int, ticks: Int) {
        guard FileManager.default.fileExists(atPath: path) else { return ("ok", 0, 0) }
        return try await DatabaseQueue.beside(path).read { database in
            let verdict = try String.fetchOne(database, sql: "PRAGMA integrity_check") ?? ""
            guard try database.tableExists("event") else { return (verdict, 0, 0) }
            return (
                verdict, try Int.fetchOne(database, sql: "SELECT count(*) FROM action WHERE outcome NOT NULL") ?? 0,
                try Int.fetchOne(database, sql: "SELECT coalesce(sum(count), 0) FROM event") ?? 0
            )
        }
    }
}
