import Glibc
import Linux

/// Reads one container's log from its oldest file on, as far as it was written, across rotations.
///
/// A rotation gives the file a name of the past and begins a new one at its path. Each file is read to its end, then the
/// next younger one: an open file is known by its inode, whatever it is called by then.
public struct LogFileReader: ~Copyable {
    private let path: String
    private var file: Descriptor
    /// The file that took this one's place at the path; read once this one is at its end.
    private var successor: Descriptor?
    /// The rotated files up to this name were read, are being read, or are older than what is being read.
    private var passed: String
    private var joiner = LogJoiner()
    /// The bytes of a line whose line feed was not written yet.
    private var tail: [UInt8] = []

    /// Opens the log at `path`, at the oldest file there is of it.
    public init(path: String) throws(SystemError) {
        self.path = path
        successor = nil
        // The newest first: what is rotated meanwhile is among the others then.
        let newest = try openLog(path)
        let oldest = try Self.past(of: path).first ?? ""
        if let first = try Self.openIfThere(oldest) {
            file = first
            passed = oldest
        } else {
            file = newest
            passed = ""
        }
    }

    /// The lines written since the last call, at most about 64 KiB of them; none when all was read.
    ///
    /// Lines that are not of the format are left out: a power loss tears at most one.
    ///
    /// - Returns: the lines, and whether there may be more to read at once.
    public mutating func read() throws(SystemError) -> (entries: [LogEntry], hasMore: Bool) {
        let chunk = try readChunk()
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
        let own = try inode(of: file)
        let past = try Self.past(of: path)
        let newest = try Self.openIfThere(path)
        // A rotation in between: the next look finds every file in its place.
        guard try Self.past(of: path) == past else { return true }
        for name in past where name > passed {
            guard let candidate = try Self.openIfThere(name), try inode(of: candidate) != own else { continue }
            passed = name
            successor = consume candidate
            return true
        }
        guard let newest, try inode(of: newest) != own else { return false }
        passed = past.last ?? passed
        successor = consume newest
        return true
    }

    /// The rotated files of a log, the oldest first. Packed ones are left out: their lines cannot be read.
    private static func past(of path: String) throws(SystemError) -> [String] {
        guard let slash = path.lastIndex(of: "/") else { return [] }
        let directory = String(path[..<slash])
        let prefix = path[path.index(after: slash)...] + "."
        return try names(in: directory).filter { $0.hasPrefix(prefix) && !$0.hasSuffix(".gz") }.sorted()
            .map { "\(directory)/\($0)" }
    }

    private static func openIfThere(_ path: String) throws(SystemError) -> Descriptor? {
        if path.isEmpty { return nil }
        do { return try openLog(path) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    private func readChunk() throws(SystemError) -> ArraySlice<UInt8> {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let raw = file.raw
        let count = try retrying("read", path) {
            chunk.withUnsafeMutableBytes { Glibc.read(raw, $0.baseAddress, $0.count) }
        }
        return chunk[..<count]
    }

    private func inode(of descriptor: borrowing Descriptor) throws(SystemError) -> UInt64 {
        var status = stat()
        let raw = descriptor.raw
        try retrying("fstat", path) { fstat(raw, &status) }
        return UInt64(status.st_ino)
    }
}
