import FoundationEssentials
import Glibc
import Linux
import PodModel

/// A Pod's record in files: JSON with sorted keys, replaced by rename.
///
///     <run>/records/<uid>        as of now: memory of this boot, so that no step of a Pod waits for a disk
///     <state>/pods/<uid>/record  as of a moment ago, or of now where that must outlive a power cut
///
/// The one on disk says whether there is such a Pod; the one with more writes says what is known of it.
struct RecordFile: Sendable {
    static let name = "record"
    /// Where a record goes that cannot be read.
    static let asideName = "record.damaged"

    let uid: PodUID
    /// The Pod's state directory.
    let directory: String
    private let freshRecords: String

    init(of uid: PodUID, _ paths: NodePaths) {
        self.uid = uid
        directory = paths.state(of: uid)
        freshRecords = paths.freshRecords
    }

    /// The record on disk.
    var path: String { "\(directory)/\(Self.name)" }
    /// The record in memory.
    private var fresh: String { "\(freshRecords)/\(uid)" }

    /// The record; nil when there is none.
    ///
    /// - Throws: `DamagedRecord` when it holds something else, `SystemError` when it cannot be read.
    func read() throws -> PodRecord? { try readBoth().map { $0.fresh ?? $0.kept } }

    /// The record on disk, and the one in memory if that is newer; nil when there is no such Pod.
    ///
    /// A damaged one on disk is no loss while the one in memory can be read.
    func readBoth() throws -> (kept: PodRecord, fresh: PodRecord?)? {
        guard let bytes = try contents(of: path) else { return nil }
        let fresh = (try? contents(of: self.fresh)).flatMap { try? record(in: $0, at: self.fresh) }
        do {
            let kept = try record(in: bytes, at: path)
            // A release that does not count its writes knows nothing of the other file either.
            guard let writes = kept.writes, let fresh, fresh.writes ?? 0 > writes else { return (kept, nil) }
            return (kept, fresh)
        } catch {
            guard let fresh else { throw error }
            return (fresh, fresh)
        }
    }

    private func record(in bytes: [UInt8], at path: String) throws(DamagedRecord) -> PodRecord {
        let record: PodRecord
        do {
            record = try JSONDecoder().decode(PodRecord.self, from: Data(bytes))
        } catch {
            throw DamagedRecord(uid: uid, path: path, reason: Self.words(for: error))
        }
        guard record.uid == uid, record.accepted.uid == uid else {
            throw DamagedRecord(uid: uid, path: path, reason: "it is the record of Pod \(record.uid)")
        }
        return record
    }

    /// Writes the record in memory. Seen at once by every reader; survives the agent.
    func write(_ record: PodRecord) throws {
        try replace(fresh, by: record, through: "\(freshRecords)/.new-\(uid)")
    }

    /// Writes a new Pod's record on disk. Survives a power cut once `sync` returned, or the kernel has written it by itself.
    func settle(_ record: PodRecord) throws {
        try replace(path, by: record, through: settling)
    }

    /// The same for one that is in memory already, and may be newer there by now. A power cut leaves it or the one before,
    /// on file systems too that would rename a file before its bytes are written.
    func settleFresh(orElse record: PodRecord) throws {
        guard let bytes = try contents(of: fresh) else { return try settle(record) }
        try replace(path, by: bytes, through: settling, writingOut: true)
    }

    private var settling: String { "\(directory)/.tmp-record" }

    private func replace(_ path: String, by record: PodRecord, through temporary: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try replace(path, by: [UInt8](encoder.encode(record)), through: temporary)
    }

    private func replace(
        _ path: String, by bytes: [UInt8], through temporary: String, writingOut: Bool = false
    ) throws {
        let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
        try file.writeAll(bytes)
        if writingOut { try file.writeOut() }
        try retrying("rename", path) { rename(temporary, path) }
    }

    /// Makes what was settled last durable. Blocks.
    func sync() throws(SystemError) {
        try Descriptor.open(path).sync()
        try syncDirectory(directory)
    }

    /// Removes both: there is no such Pod any more.
    func remove() throws(SystemError) {
        for path in [path, fresh] where unlink(path) != 0 && errno != ENOENT { throw SystemError("unlink", path) }
    }

    /// Removes the one in memory, which counts no more: numbers beyond its own may be given away again.
    func forgetFresh() throws(SystemError) {
        if unlink(fresh) != 0 && errno != ENOENT { throw SystemError("unlink", fresh) }
    }

    /// Moves a damaged record out of the way, where a person finds it.
    func setAside() throws(SystemError) {
        let aside = "\(directory)/\(Self.asideName)"
        try retrying("rename", path) { rename(path, aside) }
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "\(key.stringValue) is missing"
        case DecodingError.valueNotFound(_, let context), DecodingError.typeMismatch(_, let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")) holds something else"
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty: context.debugDescription
        case DecodingError.dataCorrupted: "it is no JSON"
        default: "\(error)"
        }
    }
}

/// A record that cannot be read: a torn write, a failing disk, or a newer release's.
public struct DamagedRecord: Error, Sendable, Hashable, CustomStringConvertible {
    /// The Pod whose record it was.
    public let uid: PodUID
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let reason: String

    /// What failed, and what comes of it.
    public var description: String {
        "the record of Pod \(uid) is damaged (\(reason)): it was set aside as \(path).damaged, "
            + "where it is kept for a week; what still ran of the Pod was ended, and an accepted Pod begins anew"
    }
}
