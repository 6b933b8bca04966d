import Glibc
import Linux
import PodModel
import Synchronization

/// The records of all Pods of this node, in memory and on disk. The one place that changes them.
///
/// Changes are renames: no fsync lies between a decision and a process. What must outlive a power cut, new Pods, their
/// deletion, and the end of what never runs again, is synced before the call returns.
final class PodRecordStore: Sendable {
    private let directory: String
    private let records: Mutex<[PodUID: PodRecord]>

    /// What was found at the start beside good records.
    struct Findings: Sendable {
        /// Records that were set aside.
        var damaged: [DamagedRecord] = []
        /// Directories without a record: a registration or a removal was cut short.
        var leftovers: [PodUID] = []
        /// Names of what is no Pod's directory: somebody else's, so it stays.
        var strays: [String] = []
    }

    /// More new Pods than this are made durable by one syncfs rather than one fsync each.
    private static let syncEachLimit = 3

    /// Reads the records below `directory`, which is made if there is none. Blocks.
    ///
    /// - Parameter now: what was set aside long before is among the leftovers.
    static func open(
        _ directory: String, now: WallTime = .now()
    ) throws -> (store: PodRecordStore, findings: Findings) {
        try makeDirectory(directory)
        var records: [PodUID: PodRecord] = [:]
        var findings = Findings()
        for name in try names(in: directory) {
            let uid = PodUID(name)
            let file = RecordFile(directory: "\(directory)/\(name)", uid: uid)
            do {
                if let record = try file.read() {
                    records[uid] = record
                } else if !uid.isWellFormed || !isDirectory(file.directory) {
                    findings.strays.append(name)
                } else if DamagedRemains.remains(in: file.directory).map({ $0.until < now }) ?? true {
                    findings.leftovers.append(uid)
                }
            } catch let damage as DamagedRecord {
                try file.setAside()
                findings.damaged.append(damage)
            }
        }
        return (PodRecordStore(directory: directory, records: records), findings)
    }

    private init(directory: String, records: [PodUID: PodRecord]) {
        self.directory = directory
        self.records = Mutex(records)
    }

    /// A Pod's record; nil when there is none.
    func record(of uid: PodUID) -> PodRecord? { records.withLock { $0[uid] } }

    /// A Pod's record.
    ///
    /// - Throws: `NodeRuntimeError.unknownPod`.
    func known(_ uid: PodUID) throws(NodeRuntimeError) -> PodRecord {
        guard let record = record(of: uid) else { throw .unknownPod(uid) }
        return record
    }

    /// Every record.
    var all: [PodRecord] { records.withLock { Array($0.values) } }

    /// Adds records; those of known Pods stay as they are. Durable when it returns.
    func add(_ new: [PodRecord]) async throws {
        for record in new { try requirePlain(record.uid.text) }
        try await onOwnThread {
            let added = try self.records.withLock { known in
                try new.filter { record in
                    if known[record.uid] != nil { return false }
                    let file = self.file(record.uid)
                    try makeDirectory(file.directory)
                    try file.write(record)
                    known[record.uid] = record
                    return true
                }
            }
            try self.sync(added.map(\.uid), areNew: true)
        }
    }

    /// Changes one record. Seen by every reader when it returns; it survives a power cut too when
    ///  - `durably` is set, or
    ///  - the Pod is in its final phase: forgetting that would run again what had ended.
    func change(_ uid: PodUID, durably: Bool = false, _ body: (inout PodRecord) -> Void) async throws {
        let changed = try records.withLock { records -> PodRecord? in
            guard let before = records[uid] else { throw NodeRuntimeError.unknownPod(uid) }
            var record = before
            body(&record)
            if record == before { return nil }
            try file(uid).write(record)
            records[uid] = record
            return record
        }
        guard durably || changed?.finalPhase != nil else { return }
        try await onOwnThread { try self.sync([uid], areNew: false) }
    }

    /// Changes several records, as one durable batch.
    func change(_ uids: [PodUID], _ body: @escaping @Sendable (inout PodRecord) -> Void) async throws {
        try await onOwnThread {
            try self.records.withLock { records in
                for uid in uids {
                    guard var record = records[uid] else { continue }
                    body(&record)
                    if record == records[uid] { continue }
                    try self.file(uid).write(record)
                    records[uid] = record
                }
            }
            try self.sync(uids.filter { self.record(of: $0) != nil }, areNew: false)
        }
    }

    /// Removes a Pod's record and everything else in its state directory. The record goes first: what is left without
    /// one is removed by the next start.
    func remove(_ uid: PodUID) async throws {
        try await onOwnThread {
            let file = self.file(uid)
            if unlink(file.path) != 0 && errno != ENOENT { throw SystemError("unlink", file.path) }
            do throws(SystemError) { try removeTree(file.directory) } catch {
                // Earlier writable layers may be on their way out on another thread.
                guard error.code == ENOENT || error.code == ENOTEMPTY else { throw error }
                try removeTree(file.directory)
            }
        }
        _ = records.withLock { $0.removeValue(forKey: uid) }
    }

    private func file(_ uid: PodUID) -> RecordFile { RecordFile(directory: "\(directory)/\(uid)", uid: uid) }

    private func sync(_ uids: [PodUID], areNew: Bool) throws(SystemError) {
        if uids.count > Self.syncEachLimit {
            return try Descriptor.open(directory, O_RDONLY | O_DIRECTORY).syncFileSystem()
        }
        for uid in uids { try file(uid).sync() }
        if areNew && !uids.isEmpty { try syncDirectory(directory) }
    }
}

extension PodUID {
    /// Whether it has the form of the UIDs that are given: only such a directory may be taken for a Pod's remains.
    fileprivate var isWellFormed: Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }
}
