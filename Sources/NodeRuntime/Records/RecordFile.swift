import FoundationEssentials
import Glibc
import Linux
import PodModel

/// A Pod's record on disk: JSON with sorted keys in `<state>/pods/<uid>/record`, replaced by rename.
struct RecordFile: Sendable {
    static let name = "record"
    /// Where a record goes that cannot be read.
    static let asideName = "record.damaged"
    private static let temporaryName = ".tmp-record"

    /// The Pod's state directory.
    let directory: String
    let uid: PodUID

    var path: String { "\(directory)/\(Self.name)" }

    /// The record; nil when there is none.
    ///
    /// - Throws: `DamagedRecord` when it holds something else, `SystemError` when it cannot be read.
    func read() throws -> PodRecord? {
        guard let bytes = try contents(of: path) else { return nil }
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

    /// Replaces the record. Seen at once by every reader; survives the agent, and a power cut once `sync` returned.
    func write(_ record: PodRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(record)
        let temporary = "\(directory)/\(Self.temporaryName)"
        let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
        try file.writeAll(bytes)
        try retrying("rename", path) { rename(temporary, path) }
    }

    /// Makes what was written last durable. Blocks.
    func sync() throws(SystemError) {
        try Descriptor.open(path).sync()
        try syncDirectory(directory)
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
