import Foundation
import GRDB
import Logging
import PodModel
import Testing

@testable import Journal

@Suite("Events are counted, not repeated") struct EventTests {
    private func event(
        _ reason: String, of pod: String = "web", _ uid: String = "u1", in namespace: String = "default",
        container: String? = "app", as type: PodEvent.EventType = .normal, at seconds: Int64
    ) -> PodEvent {
        PodEvent(
            pod: PodName(namespace: namespace, name: pod), uid: PodUID(uid), container: container, type: type,
            reason: reason, message: "Container \(reason)", at: WallTime(nanoseconds: seconds * 1_000_000_000))
    }

    /// What a journal tells after these were recorded: `reason count first last` each.
    private func told(_ events: [PodEvent], _ filter: EventFilter = EventFilter()) async throws -> [String] {
        try await withJournalFile { path in
            let journal = quietJournal(path)
            for event in events { journal.record(event) }
            await journal.flush()
            return try await JournalReader(path: path).events(filter).map {
                "\($0.event.reason) \($0.count) \($0.first.seconds) \($0.last.seconds)"
            }
        }
    }

    @Test("the same event is one line, with its count and its first and last time")
    func aggregated() async throws {
        #expect(
            try await told([
                event("Started", at: 1), event("BackOff", at: 2), event("Started", at: 3), event("Started", at: 5),
            ]) == ["BackOff 1 2 2", "Started 3 1 5"])
    }

    @Test("another container, type or life of the Pod is another event")
    func distinct() async throws {
        #expect(
            try await told([
                event("Failed", at: 1), event("Failed", container: "log", at: 2), event("Failed", as: .warning, at: 3),
                event("Failed", "u2", at: 4), event("Failed", container: nil, at: 5),
            ]).count == 5)
    }

    @Test("an event of an init container is told from one of a container of that name")
    func initContainers() async throws {
        try await withJournalFile { path in
            let journal = quietJournal(path)
            for isOfInit in [true, false] {
                journal.record(
                    PodEvent(
                        pod: PodName(namespace: "default", name: "web"), uid: PodUID("u1"), container: "app",
                        isOfInit: isOfInit, type: .normal, reason: "Started", message: "Container started",
                        at: WallTime(nanoseconds: isOfInit ? 1 : 2)))
            }
            await journal.flush()

            let paths = try await JournalReader(path: path).events().map(\.event.fieldPath)
            #expect(paths == ["spec.initContainers{app}", "spec.containers{app}"])
        }
    }

    @Test("a filter picks a namespace, a Pod, a life, a type, and the newest")
    func filtered() async throws {
        let events = [
            event("One", at: 1), event("Two", of: "db", "u2", at: 2), event("Three", in: "blue", at: 3),
            event("Four", "u3", as: .warning, at: 4),
        ]

        #expect(try await told(events, EventFilter(namespace: "blue")) == ["Three 1 3 3"])
        #expect(try await told(events, EventFilter(namespace: "default", name: "web")) == ["One 1 1 1", "Four 1 4 4"])
        #expect(try await told(events, EventFilter(uid: PodUID("u3"))) == ["Four 1 4 4"])
        #expect(try await told(events, EventFilter(types: [.warning])) == ["Four 1 4 4"])
        #expect(try await told(events, EventFilter(limit: 2)) == ["Three 1 3 3", "Four 1 4 4"])
    }

    @Test("an event that goes on over several segments is one line")
    func overSegments() async throws {
        try await withJournalFile { path in
            let journal = quietJournal(path, retention: Retention(segmentAge: .seconds(1)))
            for second in [1, 10, 20] as [Int64] {
                journal.record(event("BackOff", at: second))
                await journal.flush()
                journal.record(event("Other", at: second + 3601))
                await journal.flush()
            }

            let series = try await JournalReader(path: path).events().first { $0.event.reason == "BackOff" }
            #expect(series?.count == 3)
            #expect(series?.first.seconds == 1)
            #expect(series?.last.seconds == 20)
        }
    }
}

/// A journal's path in a directory of the test's own, removed at its end.
func withJournalFile<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory.appendingPathComponent("journal.sqlite").path)
}

/// A journal that logs nothing.
func quietJournal(_ path: String, retention: Retention = Retention()) -> Journal {
    Journal(
        path: path, now: WallTime(nanoseconds: 0), retention: retention,
        log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}
