import Foundation
import GRDB
import Logging
import PodModel

/// Opening the journal's file, sound or not.
enum JournalFile {
    /// Opens for writing; a damaged file is moved aside, and a new one is begun.
    static func open(_ path: String, now: WallTime, log: Logger) throws(JournalError) -> (DatabasePool, String?) {
        do {
            return (try pool(path), nil)
        } catch let error as DatabaseError where error.isDamage {
            let aside = "\(path).damaged-\(now.seconds)"
            log.error(
                "journal is damaged, moved aside, begun anew", metadata: ["path": "\(path)", "moved to": "\(aside)"])
            do {
                try moveAside(path, to: aside)
                return (try pool(path), aside)
            } catch {
                throw JournalError.cannotOpen(path: path, reason: "\(error)")
            }
        } catch {
            throw JournalError.cannotOpen(path: path, reason: "\(error)")
        }
    }

    /// Opens for reading beside a writer, or after one.
    static func reader(_ path: String) throws(JournalError) -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else { throw JournalError.missing(path: path) }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        configuration.label = "journal reader"
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw JournalError.cannotRead(path: path, reason: "\(error)")
        }
    }

    private static func pool(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.label = "journal"
        configuration.prepareDatabase { database in
            // With a write-ahead log this survives kill -9; power loss may cost the tail, never consistency.
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        let verdict = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        if let verdict, verdict != "ok" { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
        try Schema.migrator.migrate(pool)
        return pool
    }

    /// The log and the shared memory go with the file they belong to.
    private static func moveAside(_ path: String, to aside: String) throws {
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.moveItem(atPath: path + suffix, toPath: aside + suffix)
        }
    }
}

extension DatabaseError {
    /// The file is not what SQLite wrote.
    fileprivate var isDamage: Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(resultCode.primaryResultCode)
    }
}
