import Glibc
import Linux

/// Reads one container's log from its oldest file on, as far as it was written, across rotations.
///
/// A rotation gives the file a name of the past and begins a new one at its path. Each file is read to its end, then the
/// next younger one: an open file is known by its inode, whatever it is called by then, and where it was packed meanwhile by
/// what it was packed from.
public struct LogFileReader: ~Copyable {
    private let path: String
    private var file: LogPart
    /// The file that took this one's place at the path; read once this one is at its end.
    private var successor: LogPart?
    /// The rotated files up to this name were read, are being read, or are older than what is being read.
    private var passed: String
    /// Whether the newest of `file` and `successor` had no name of the past when it was opened: it may have one by now.
    private var isUnnamed: Bool
    private var joiner = LogJoiner()
    /// The bytes of a line whose line feed was not written yet.
    private var tail: [UInt8] = []

    /// Opens the log at `path`, at the oldest file there is of it.
    public init(path: String) throws(SystemError) {
        self.path = path
        successor = nil
        // The newest first: what is rotated meanwhile is among the others then.
        let newest = try LogPart(openLog(path))
        let past = try Self.past(of: path)
        for name in past {
            guard let oldest = try Self.openPast(name) else { continue }
            file = oldest
            passed = name
            isUnnamed = false
            return
        }
        file = newest
        passed = past.last ?? ""
        isUnnamed = true
    }

    /// The lines written since the last call, at most about 64 KiB of them; none when all was read.
    ///
    /// Lines that are not of the format are left out: a power loss tears at most one.
    ///
    /// - Returns: the lines, and whether there may be more to read at once.
    public mutating func read() throws(SystemError) -> (entries: [LogEntry], hasMore: Bool) {
        let chunk = try file.read()
        if chunk.isEmpty { return ([], try advance()) }
        tail += chunk
        var entries: [LogEntry] = []
        var rest = tail[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            if let line = CRILogLine(parsing: rest[..<end]), let entry = joiner.add(line) { entries.append(entry) }
            rest = rest[rest.index(after: end)...]
        }
        tail = Array(rest)
        return (entries, true)
    }

    /// What was begun and will not be ended: call it when the container has ended and all was read.
    public mutating func finish() -> [LogEntry] { joiner.finish() }

    /// At the end of the file: looks for the next younger one, has this one read to its end once more, then goes over.
    private mutating func advance() throws(SystemError) -> Bool {
        if let next = successor.take() {
            file = next
            return true
        }
        let past = try Self.past(of: path)
        let newest = try Self.openIfThere(path)
        // A rotation in between: the next look finds every file in its place.
        guard try Self.past(of: path) == past else { return true }
        for name in past where name > passed {
            guard let candidate = try Self.openPast(name) else { continue }
            if isUnnamed, try file.isSame(as: candidate) { continue }
            passed = name
            isUnnamed = false
            successor = consume candidate
            return true
        }
        guard let newest, try !file.isSame(as: newest) else { return false }
        passed = past.last ?? passed
        isUnnamed = true
        successor = consume newest
        return true
    }

    /// The rotated files of a log, the oldest first, by the paths that they had before they were packed.
    private static func past(of path: String) throws(SystemError) -> [String] {
        guard let slash = path.lastIndex(of: "/") else { return [] }
        let directory = String(path[..<slash])
        let log = String(path[path.index(after: slash)...])
        return Set(try names(in: directory).compactMap { RotatedLog($0, of: log)?.name }).sorted()
            .map { "\(directory)/\($0)" }
    }

    /// A rotated file, whether it was packed before or in this instant; nil where it is gone.
    private static func openPast(_ path: String) throws(SystemError) -> LogPart? {
        if let plain = try openIfThere(path) { return plain }
        return try openIfThere(path + RotatedLog.packedEnding)
    }

    private static func openIfThere(_ path: String) throws(SystemError) -> LogPart? {
        do { return try LogPart(openLog(path)) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }
}
