import Glibc
import Linux
import PodModel

extension PodRecordStore {
    /// What was found at the start beside good records.
    struct Findings: Sendable {
        /// Records that were set aside.
        var damaged: [DamagedRecord] = []
        /// Directories without a record: a registration or a removal was cut short.
        var leftovers: [PodUID] = []
        /// Names of what is no Pod's directory: somebody else's, so it stays.
        var strays: [String] = []
    }

    /// Reads the records of a node, whose directories are made if there are none. Blocks.
    ///
    /// - Parameters:
    ///   - now: what was set aside long before is among the leftovers.
    ///   - delay: how long the disk may be behind, in microseconds.
    ///   - troubled: told what keeps records from the disk, each time it was tried.
    static func open(
        _ paths: NodePaths, now: WallTime = .now(), delay: UInt32 = delay.usual,
        troubled: @escaping @Sendable (any Error) -> Void = { _ in }
    ) throws -> (store: PodRecordStore, findings: Findings) {
        for directory in [paths.podStates, paths.freshRecords] { try makeDirectory(directory) }
        var records: [PodUID: PodRecord] = [:]
        var unsettled: Set<PodUID> = []
        var findings = Findings()
        for name in try names(in: paths.podStates) {
            let uid = PodUID(name)
            let file = RecordFile(of: uid, paths)
            do {
                if let found = try file.readBoth() {
                    records[uid] = found.fresh ?? found.kept
                    // An earlier agent was killed before it settled that.
                    if found.fresh != nil { unsettled.insert(uid) } else { try file.forgetFresh() }
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
        for name in try names(in: paths.freshRecords) where records[PodUID(name)] == nil {
            try removeTree("\(paths.freshRecords)/\(name)")
        }
        return (PodRecordStore(paths, records, unsettled: unsettled, delay: delay, troubled: troubled), findings)
    }
}

extension PodUID {
    /// Whether it has the form of the UIDs that are given: only such a directory may be taken for a Pod's remains.
    fileprivate var isWellFormed: Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }
}
