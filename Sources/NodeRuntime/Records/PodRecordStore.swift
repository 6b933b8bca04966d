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
        /// Those of which the disk knows an earlier state.
        var unsettled: Set<PodUID>
        /// Whether somebody is about to settle them.
        var isExpected = false
    }

    /// More new Pods than this are made durable by one syncfs rather than one fsync each.
    private static let syncEachLimit = 3

    /// How long the disk may be behind, and how long it is left alone when it cannot be written.
    /// In microseconds.
    private static let delay: (usual: UInt32, ofTrouble: UInt32) = (500_000, 5_000_000)

    /// Takes over what was read.
    ///
    /// - Parameters:
    ///   - unsettled: of these the disk knows an earlier state.
    ///   - troubled: told what keeps records from the disk, each time it was tried.
    init(
        _ paths: NodePaths, _ records: [PodUID: PodRecord], unsettled: Set<PodUID>,
        troubled: @escaping @Sendable (any Error) -> Void
    ) {
        self.paths = paths
        state = Mutex(State(records: records, unsettled: unsettled))
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
            let added = try self.state.withLock { state in
                try new.filter { record in
                    if state.records[record.uid] != nil { return false }
                    let file = self.file(record.uid)
                    try makeDirectory(file.directory)
                    let record = record.written()
                    try file.settle(record)
                    state.records[record.uid] = record
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
        let (isUnsettled, isFinal) = try state.withLock { state in
            guard let before = state.records[uid] else { throw NodeRuntimeError.unknownPod(uid) }
            var record = before
            body(&record)
            if record != before {
                record = record.written()
                try file(uid).write(record)
                state.records[uid] = record
                state.unsettled.insert(uid)
            }
            return (state.unsettled.contains(uid), record.finalPhase != nil)
        }
        if !isUnsettled { return }
        guard durably || isFinal else { return settleSoon() }
        try await onOwnThread {
            do {
                try self.settle([uid])
                try self.sync([uid], areNew: false)
            } catch {
                self.settleSoon(after: Self.delay.ofTrouble)
                throw error
            }
        }
    }

    /// Changes several records, as one durable batch: what cannot be written is not changed.
    func change(_ uids: [PodUID], _ body: @escaping @Sendable (inout PodRecord) -> Void) async throws {
        try await onOwnThread {
            try self.disk.withLock { _ in
                try self.state.withLock { state in
                    for uid in uids {
                        guard let before = state.records[uid] else { continue }
                        var record = before
                        body(&record)
                        if record == before { continue }
                        record = record.written()
                        try self.file(uid).settle(record)
                        state.records[uid] = record
                        state.unsettled.remove(uid)
                    }
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
            try self.disk.withLock { _ in
                _ = self.state.withLock { $0.unsettled.remove(uid) }
                try file.remove()
            }
            do throws(SystemError) { try removeTree(file.directory) } catch {
                // Earlier writable layers may be on their way out on another thread.
                guard error.code == ENOENT || error.code == ENOTEMPTY else { throw error }
                try removeTree(file.directory)
            }
            try self.state.withLock { state in
                state.records.removeValue(forKey: uid)
                state.unsettled.remove(uid)
                // A change may have come in between.
                try file.remove()
            }
        }
    }

    /// Writes to the disk what it does not know yet. Blocks.
    func settle() {
        do { try settle(state.withLock { $0.unsettled.sorted() }) } catch { troubled(error) }
    }

    private func settle(_ uids: [PodUID]) throws {
        try disk.withLock { _ in
            for uid in uids {
                let unsettled = state.withLock { $0.unsettled.remove(uid) == nil ? nil : $0.records[uid] }
                guard let unsettled else { continue }
                do {
                    try file(uid).settle(unsettled)
                } catch let error as SystemError where error.code == ENOENT {
                    // The Pod's directory is being removed.
                } catch {
                    _ = state.withLock { $0.unsettled.insert(uid) }
                    throw error
                }
            }
        }
    }

    /// Has the disk follow in a moment, once for all that changes until then.
    private func settleSoon(after delay: UInt32 = delay.usual) {
        let isMine = state.withLock { state in
            defer { state.isExpected = true }
            return !state.isExpected
        }
        if !isMine { return }
        do {
            try startThread { [weak self] in
                usleep(delay)
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

    private func sync(_ uids: [PodUID], areNew: Bool) throws(SystemError) {
        if uids.count > Self.syncEachLimit {
            return try Descriptor.open(paths.podStates, O_RDONLY | O_DIRECTORY).syncFileSystem()
        }
        for uid in uids { try file(uid).sync() }
        if areNew && !uids.isEmpty { try syncDirectory(paths.podStates) }
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
