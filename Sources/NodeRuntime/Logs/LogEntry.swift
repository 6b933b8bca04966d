/// A line as the container wrote it, put together from the pieces the log file holds.
public struct LogEntry: Hashable, Sendable {
    /// When its first piece was read from the container.
    public let timestamp: String
    /// Where the container wrote it.
    public let stream: CRILogLine.Stream
    /// What it wrote; any bytes.
    public let text: [UInt8]
    /// Whether a line feed followed.
    public let isWhole: Bool

    /// What `logs` prints: the text and its line feed, after the time when asked for.
    public func bytes(withTimestamp: Bool = false) -> [UInt8] {
        (withTimestamp ? Array("\(timestamp) ".utf8) : []) + text + (isWhole ? [UInt8(ascii: "\n")] : [])
    }
}

/// Puts the pieces of long lines together again, each stream for itself.
///
/// A line longer than the writer's buffer is logged in pieces tagged `P` and a last one tagged `F`; pieces of the other
/// stream may stand between them.
public struct LogJoiner: Sendable {
    private var pieces: [CRILogLine.Stream: (timestamp: String, text: [UInt8])] = [:]

    /// A joiner at the beginning of a file.
    public init() {}

    /// Takes the file's next line.
    ///
    /// - Returns: the container's line when this was its last piece.
    public mutating func add(_ line: CRILogLine) -> LogEntry? {
        if line.isPartial {
            pieces[line.stream, default: (line.timestamp, [])].text += line.text
            return nil
        }
        let begun = pieces.removeValue(forKey: line.stream)
        return LogEntry(
            timestamp: begun?.timestamp ?? line.timestamp, stream: line.stream, text: (begun?.text ?? []) + line.text,
            isWhole: true)
    }

    /// What was begun and never ended, because the container ended first; in order of time.
    public mutating func finish() -> [LogEntry] {
        defer { pieces = [:] }
        return pieces.map { LogEntry(timestamp: $1.timestamp, stream: $0, text: $1.text, isWhole: false) }
            .sorted { $0.timestamp < $1.timestamp }
    }
}
