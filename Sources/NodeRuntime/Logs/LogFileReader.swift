import Glibc
import Linux

/// Reads one container's log file from its beginning, as far as it was written, across rotations.
///
/// A rotation renames the file and begins a new one at its path: the old one is read to its end first.
public struct LogFileReader: ~Copyable {
    private let path: String
    private var file: Descriptor
    /// The file that took this one's place at the path; read once this one is at its end.
    private var successor: Descriptor?
    private var joiner = LogJoiner()
    /// The bytes of a line whose line feed was not written yet.
    private var tail: [UInt8] = []

    /// Opens the file at `path`.
    public init(path: String) throws(SystemError) {
        self.path = path
        file = try Descriptor.open(path)
        successor = nil
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

    /// At the end of the file: looks for a successor, has the file read to its end once more, then goes over to it.
    private mutating func advance() throws(SystemError) -> Bool {
        if let next = successor.take() {
            file = next
            return true
        }
        do {
            let current = try Descriptor.open(path)
            guard try inode(of: current) != inode(of: file) else { return false }
            successor = consume current
            return true
        } catch let error where error.code == ENOENT {
            return false
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
