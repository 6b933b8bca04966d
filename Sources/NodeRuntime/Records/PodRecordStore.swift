import Glibc
import Linux
import PodModel
import Synchronization

/// The records of all Pods of this node, in memory and in files. The one place that changes them.
///
/// A change is written to the memory of this boot, which the next agent reads; the disk, which the next boot reads, follows
/// within half a second, many changes at once. No step of a Pod waits for a disk, however slow. What must outlive a power
/// cut, new Pods, their deletion, and the end of what never runs again, is on the disk before the call returns.
final class PodRecordStore: Sendable {
    private let paths: NodePaths
    private let state: Mutex<State>
    /// Held while records on the disk are written or removed; taken before `state`, never after it.
    private let disk = Mutex(())
    private let troubled: @Sendable (any Error) -> Void

    private struct State {
        var records: [PodUID: PodRecord]
        /// Those of which the disk has an earlier state.
        var unsettled: Set<PodUID>
        /// Those of which a power cut may undo the newest state.
        var unsynced: Set<PodUID>
        /// Whether somebody is about to settle them.
        var isExpected = false

        /// Which state of a record the disk has; nil while it is an earlier one than this.
        func writesOnDisk(of uid: PodUID) -> Int? {
            unsettled.contains(uid) ? nil : records[uid].map { $0.writes ?? 0 }
        }

        mutating func forget(_ uid: PodUID) {
            unsettled.remove(uid)
            unsynced.remove(uid)
        }
    }

    /// More new Pods than this are made durable by one syncfs rather than one fsync each.
    private static let syncEachLimit = 3

    /// How long the disk may be behind, and how long it is left alone when it cannot be written.
    /// In microseconds.
    static let delay: (usual: UInt32, ofTrouble: UInt32) = (500_000, 5_000_000)
    private let delay: UInt32

    /// Takes over what was read.
    ///
    /// - Parameters:
    ///   - unsettled: of these the disk knows an earlier state.
    ///   - delay: how long the disk may be behind, in microseconds.
    ///   - troubled: told what keeps records from the disk, each time it was tried.
    init(
        _ paths: NodePaths, _ records: [PodUID: PodRecord], unsettled: Set<PodUID>, delay: UInt32,
        troubled: @escaping @Sendable (any Error) -> Void
    ) {
        self.paths = paths
        self.delay = delay
        // Whoever wrote them may have been killed before they were synced.
        state = Mutex(State(records: records, unsettled: unsettled, unsynced: Set(records.keys)))
        self.troubled = troubled
        if !unsettled.isEmpty { settleSoon() }
    }

    /// A Pod's record; nil when there is none.
    func record(of uid: PodUID) -> PodRecord? { state.withLock { $0.records[uid] } }

    /// A Pod's record.
    ///
    /// - Throws: `NodeRuntimeError.unknownPod`.
    func known(_ uid: PodUID) throws(NodeRuntimeError) -> PodRecord {
        guard let record = record(of: uid) else { throw .unknownPod(uid) }
        return record
    }

    /// Every record.
    var all: [PodRecord] { state.withLock { Array($0.records.values) } }

    /// Adds records; those of known Pods stay as they are. Durable when it returns.
    func add(_ new: [PodRecord]) async throws {
        for record in new { try requirePlain(record.uid.text) }
        try await onOwnThread {
            try self.disk.withLock { _ in
                for record in new where self.record(of: record.uid) == nil {
                    let (file, record) = (self.file(record.uid), record.written())
                    try makeDirectory(file.directory)
                    try file.settle(record)
                    self.state.withLock { state in
                        state.records[record.uid] = record
                        state.unsynced.insert(record.uid)
                    }
                }
            }
            try self.sync(new.map(\.uid), areNew: true)
        }
    }

    /// Changes one record. Seen by every reader when it returns; it survives a power cut too when
    ///  - `durably` is set, or
    ///  - the Pod is in its final phase: forgetting that would run again what had ended.
    func change(_ uid: PodUID, durably: Bool = false, _ body: (inout PodRecord) -> Void) async throws {
        let (isChanged, isFinal) = try state.withLock { state in
            guard state.records[uid] != nil else { throw NodeRuntimeError.unknownPod(uid) }
            let isChanged = try self.change(uid, in: &state, body)
            return (isChanged, state.records[uid]?.finalPhase != nil)
        }
        // Repeated, it may find done what did not reach the disk the first time.
        if durably || isFinal { return try await makeDurable([uid]) }
        if isChanged { settleSoon() }
    }

    /// Changes several records, as one durable batch.
    func change(_ uids: [PodUID], _ body: @Sendable (inout PodRecord) -> Void) async throws {
        try state.withLock { state in
            for uid in uids where state.records[uid] != nil { _ = try self.change(uid, in: &state, body) }
        }
        try await makeDurable(uids)
    }

    /// Changes a record, in memory of both kinds.
    ///
    /// - Returns: whether it says something else than before.
    private func change(
        _ uid: PodUID, in state: inout State, _ body: (inout PodRecord) -> Void
    ) throws -> Bool {
        guard let before = state.records[uid] else { return false }
        var record = before
        body(&record)
        if record == before { return false }
        record = record.written()
        try file(uid).write(record)
        state.records[uid] = record
        state.unsettled.insert(uid)
        state.unsynced.insert(uid)
        return true
    }

    private func makeDurable(_ uids: [PodUID]) async throws {
        let isDone = state.withLock { $0.unsynced.isDisjoint(with: uids) }
        if isDone { return }
        try await onOwnThread {
            do {
                try self.settle(uids)
                try self.sync(uids, areNew: false)
            } catch {
                self.settleSoon(after: Self.delay.ofTrouble)
                throw error
            }
        }
    }

    /// Removes a Pod's record and everything else in its state directory. The record goes first: what is left without
    /// one is removed by the next start.
    func remove(_ uid: PodUID) async throws {
        try await onOwnThread {
            let file = self.file(uid)
            try self.disk.withLock { _ in
                self.state.withLock { $0.forget(uid) }
                try file.remove()
            }
            do throws(SystemError) { try MountsBelow.removeTree(file.directory) } catch {
                // Earlier writable layers may be on their way out on another thread.
                guard error.code == ENOENT || error.code == ENOTEMPTY else { throw error }
                try removeTree(file.directory)
            }
            try self.state.withLock { state in
                state.records.removeValue(forKey: uid)
                state.forget(uid)
                // A change may have come in between.
                try file.remove()
            }
        }
    }

    /// Writes to the disk what it does not know yet, and leaves it to the kernel to make that safe: a sync would hold up
    /// whoever else writes there. Blocks.
    func settle() {
        do { try settle(state.withLock { $0.unsettled.sorted() }) } catch { troubled(error) }
    }

    /// One that cannot be written keeps no other from the disk.
    private func settle(_ uids: [PodUID]) throws {
        var trouble: (any Error)?
        disk.withLock { _ in
            for uid in uids {
                let unsettled = state.withLock { $0.unsettled.remove(uid) == nil ? nil : $0.records[uid] }
                guard let unsettled else { continue }
                do {
                    try file(uid).settleFresh(orElse: unsettled)
                } catch let error as SystemError where error.code == ENOENT {
                    // The Pod's directory is being removed.
                } catch {
                    _ = state.withLock { $0.unsettled.insert(uid) }
                    trouble = trouble ?? error
                }
            }
        }
        if let trouble { throw trouble }
    }

    /// Has the disk follow in a moment, once for all that changes until then.
    private func settleSoon(after pause: UInt32? = nil) {
        let isMine = state.withLock { state in
            defer { state.isExpected = true }
            return !state.isExpected
        }
        if !isMine { return }
        do {
            try startThread { [weak self, pause = pause ?? delay] in
                usleep(pause)
                guard let self else { return }
                state.withLock { $0.isExpected = false }
                settle()
                if state.withLock({ !$0.unsettled.isEmpty }) { settleSoon(after: Self.delay.ofTrouble) }
            }
        } catch {
            state.withLock { $0.isExpected = false }
            troubled(error)
        }
    }

    private func file(_ uid: PodUID) -> RecordFile { RecordFile(of: uid, paths) }

    /// Has the kernel make what lies on the disk of these records safe.
    private func sync(_ uids: [PodUID], areNew: Bool) throws(SystemError) {
        let due = state.withLock { state in
            uids.filter { state.unsynced.contains($0) }.map { (uid: $0, writes: state.writesOnDisk(of: $0)) }
        }
        if due.isEmpty { return }
        if due.count > Self.syncEachLimit {
            try Descriptor.open(paths.podStates, O_RDONLY | O_DIRECTORY).syncFileSystem()
        } else {
            for (uid, _) in due { try file(uid).sync() }
            if areNew { try syncDirectory(paths.podStates) }
        }
        state.withLock { state in
            for (uid, writes) in due where writes != nil && state.writesOnDisk(of: uid) == writes {
                state.unsynced.remove(uid)
            }
        }
    }
}

extension PodRecord {
    /// The record as it is written the next time.
    fileprivate func written() -> PodRecord {
        var record = self
        record.writes = (writes ?? 0) + 1
        return record
    }
}
