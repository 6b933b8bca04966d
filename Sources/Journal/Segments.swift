import GRDB
import PodModel

/// The journal in segments: the newest one is written to; those before are closed by a digest and dropped as a whole.
enum Segments {
    /// Ends the open segment if it is old or large enough, and drops what is to be kept no longer.
    ///
    /// - Parameters:
    ///   - run: whose unfinished actions go on, in the segment that follows.
    ///   - now: the time of the newest line.
    static func keepHouse(_ database: Database, _ retention: Retention, run: Int64, now: WallTime) throws {
        if try isFull(database, retention, now: now) { try close(database, run: run, now: now) }
        // One at a time: a clock that was wrong for a moment costs one segment, not the history.
        if let old = try oldestClosed(database), now - old.ended > retention.age { try drop(old.id, database) }
        while try usedBytes(database) > retention.bytes, let old = try oldestClosed(database) {
            try drop(old.id, database)
        }
    }

    /// Closes the open segment with its digest, and begins the next one.
    static func close(_ database: Database, run: Int64, now: WallTime) throws {
        let open = try Int64.fetchOne(database, sql: "SELECT max(id) FROM segment") ?? 1
        let previous = try String.fetchOne(
            database, sql: "SELECT digest FROM segment WHERE id < ? ORDER BY id DESC LIMIT 1", arguments: [open])
        try database.execute(
            sql: "INSERT INTO segment (id, began) VALUES (?, ?)", arguments: [open + 1, now.nanoseconds])
        // What is under way is not history yet.
        try database.execute(
            sql: "UPDATE action SET segment = ? WHERE segment = ? AND run = ? AND outcome IS NULL",
            arguments: [open + 1, open, run])
        let digest = try SegmentDigest.of(open, after: previous, in: database)
        try database.execute(
            sql: "UPDATE segment SET ended = ?, previous = ?, digest = ? WHERE id = ?",
            arguments: [now.nanoseconds, previous, digest, open])
    }

    private static func isFull(_ database: Database, _ retention: Retention, now: WallTime) throws -> Bool {
        guard
            let open = try Row.fetchOne(database, sql: "SELECT id, began FROM segment ORDER BY id DESC LIMIT 1"),
            let segment: Int64 = open["id"], let began: Int64 = open["began"]
        else { return false }
        if now - WallTime(nanoseconds: began) >= retention.segmentAge { return true }
        let text = [
            "revision": "length(entry)", "plan": "length(entry)",
            "action": "length(intent) + coalesce(length(outcome), 0)",
            "event": "length(message) + length(name) + 100",
        ]
        let bytes = try text.reduce(Int64(0)) { sum, table in
            sum
                + (try Int64.fetchOne(
                    database, sql: "SELECT coalesce(sum(\(table.value)), 0) FROM \(table.key) WHERE segment = ?",
                    arguments: [segment]) ?? 0)
        }
        return bytes >= retention.segmentBytes
    }

    private static func oldestClosed(_ database: Database) throws -> (id: Int64, ended: WallTime)? {
        try Row.fetchOne(database, sql: "SELECT id, ended FROM segment WHERE ended IS NOT NULL ORDER BY id LIMIT 1")
            .map { ($0["id"], WallTime(nanoseconds: $0["ended"])) }
    }

    /// Drops a segment. The newest revision stays, however long nobody pushed: it is what runs.
    private static func drop(_ segment: Int64, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE revision SET segment = (SELECT max(id) FROM segment)
                WHERE segment = ? AND id = (SELECT max(id) FROM revision)
                """, arguments: [segment])
        for table in SegmentDigest.tables {
            try database.execute(sql: "DELETE FROM \(table) WHERE segment = ?", arguments: [segment])
        }
        try database.execute(sql: "DELETE FROM segment WHERE id = ?", arguments: [segment])
        try database.execute(
            sql: "DELETE FROM run WHERE id < (SELECT max(id) FROM run) AND id NOT IN (SELECT run FROM action)")
    }

    /// What the lines take up; pages that are free are written to again before the file grows.
    private static func usedBytes(_ database: Database) throws -> Int64 {
        let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        return (pages - free) * size
    }
}
