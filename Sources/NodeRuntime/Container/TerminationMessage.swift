import Glibc
import Linux
import Manifests

/// A container's last words: what it wrote into its termination log, or the end of its log (kubelet).
struct TerminationMessage: Sendable, Hashable {
    /// The most that one container's message may be, in bytes.
    static let limit = 4096
    /// The most that all of a Pod's containers together may have.
    static let podLimit = 12 << 10
    /// How much of a log is taken.
    static let logLines = 80, logBytes = 2048
    /// No more of a log is looked at.
    private static let window = 256 << 10

    let policy: TerminationMessagePolicy
    /// How many bytes are shown: of the end of what it said, the beginning (kubelet: the status manager cuts what the
    /// runtime manager read from the end).
    let share: Int

    /// Of one container of a Pod.
    init(_ container: Container, in spec: PodSpec) {
        policy = container.terminationMessagePolicy
        share = min(Self.limit, Self.podLimit / max(1, spec.allContainers.count))
    }

    /// Reads the message; nil when the container left none. Blocks.
    ///
    /// - Parameters:
    ///   - file: what the container could write to.
    ///   - log: its log.
    ///   - code: how it ended.
    func read(from file: String, orLog log: String, code: Int32) throws -> String? {
        let written = try Self.end(of: file, atMost: Self.limit).prefix(share)
        if !written.isEmpty { return String(decoding: written, as: UTF8.self) }
        guard policy == .fallbackToLogsOnError, code != 0 else { return nil }
        let text = try Self.lastLines(of: log).prefix(share)
        return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }

    /// The last bytes of a file; none of one that is not there.
    private static func end(of path: String, atMost limit: Int) throws(SystemError) -> [UInt8] {
        let file: Descriptor
        do { file = try Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) } catch {
            if error.code == ENOENT { return [] }
            throw error
        }
        let raw = file.raw
        let size = try retrying("lseek", path) { lseek(raw, 0, Int32(SEEK_END)) }
        _ = try retrying("lseek", path) { lseek(raw, max(0, size - off_t(limit)), Int32(SEEK_SET)) }
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = 0
        while count < limit {
            let rest = limit - count
            let read = try retrying("read", path) {
                bytes.withUnsafeMutableBytes { Glibc.read(raw, $0.baseAddress?.advanced(by: count), rest) }
            }
            if read == 0 { break }
            count += read
        }
        return Array(bytes[..<count])
    }

    /// The last lines of a log, cut to its last bytes.
    private static func lastLines(of log: String) throws(SystemError) -> ArraySlice<UInt8> {
        let lines = try end(of: log, atMost: window)
            .split(separator: UInt8(ascii: "\n")).compactMap { CRILogLine(parsing: $0) }
        let text = lines.suffix(logLines).flatMap { Array($0.text) + ($0.isPartial ? [] : [UInt8(ascii: "\n")]) }
        return text.suffix(logBytes)
    }
}
