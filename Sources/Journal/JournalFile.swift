import Foundation
import GRDB
import Logging
import PodModel

/// Opening the journal's file, sound or not.
enum JournalFile {
    /// A file that is open for writing.
    struct Opened {
        let database: DatabaseQueue
        /// Where a damaged file was put; nil if it was sound.
        let movedAside: String?
    }

    /// Opens for writing. A damaged file is moved aside, and a new one is begun; one that a newer release wrote is left
    /// as it is.
    static func open(_ path: String, now: WallTime, log: Logger) throws(JournalError) -> Opened {
        do {
            return Opened(database: try writable(path), movedAside: nil)
        } catch let error as DatabaseError where error.isDamage {
            let aside = "\(path).damaged-\(now.seconds)"
            log.error(
                "journal is damaged, moved aside, begun anew", metadata: ["path": "\(path)", "moved to": "\(aside)"])
            do {
                try moveAside(path, to: aside)
                return Opened(database: try writable(path), movedAside: aside)
            } catch {
                throw JournalError.cannotOpen(path: path, reason: words(error))
            }
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError.cannotOpen(path: path, reason: words(error))
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
            let database = try DatabaseQueue(path: path, configuration: configuration)
            try database.read { try refuseNewer(path, $0) }
            return database
        } catch let error as JournalError {
            throw error
        } catch {
            throw JournalError.cannotRead(path: path, reason: words(error))
        }
    }

    private static func writable(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        configuration.label = "journal"
        configuration.prepareDatabase { database in
            // With a write-ahead log this survives kill -9; power loss may cost the tail, never consistency.
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        let database = try DatabaseQueue(path: path, configuration: configuration)
        try database.read { database in
            try refuseNewer(path, database)
            let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
            if let verdict, verdict != "ok" { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
        }
        try Schema.migrator.migrate(database)
        return database
    }

    private static func refuseNewer(_ path: String, _ database: Database) throws {
        if try Schema.migrator.hasBeenSuperseded(database) { throw JournalError.newer(path: path) }
    }

    /// The log and the shared memory go with the file they belong to.
    private static func moveAside(_ path: String, to aside: String) throws {
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.moveItem(atPath: path + suffix, toPath: aside + suffix)
        }
    }
}

/// What went wrong, without SQL in it.
func words(_ error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(error)" }
    return error.message ?? "\(error.resultCode)"
}

/// Whether the file is not what SQLite wrote.
func isDamage(_ error: any Error) -> Bool { (error as? DatabaseError)?.isDamage ?? false }

extension DatabaseError {
    /// The file is not what SQLite wrote.
    var isDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(resultCode.primaryResultCode) }

    /// The file or its disk is at fault, not what is to be written: trying again later may help.
    var isOfTheFile: Bool {
        let codes: [ResultCode] = [
            .SQLITE_FULL, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY,
            .SQLITE_NOMEM,
            .SQLITE_PERM, .SQLITE_PROTOCOL,
        ]
        return isDamage || codes.contains(resultCode.primaryResultCode)
    }
}
