/// One line of a container's log file, in the CRI log format: `<RFC3339Nano> <stdout|stderr> <F|P> <text>`.
public struct CRILogLine: Hashable, Sendable {
    /// The stream the container wrote to.
    public enum Stream: String, Hashable, Sendable {
        /// Standard output.
        case stdout
        /// Standard error.
        case stderr
    }

    /// When the text was read from the container, as written in the file.
    public let timestamp: String
    /// Where the container wrote it.
    public let stream: Stream
    /// Whether the container's own line goes on in the stream's next line (tag `P`).
    public let isPartial: Bool
    /// What the container wrote, without the line feed; any bytes.
    public let text: ArraySlice<UInt8>

    /// Reads one line, without its line feed.
    ///
    /// - Returns: nil when the line is not of the format, for example torn by a power loss.
    public init?(parsing line: ArraySlice<UInt8>) {
        var rest = line
        guard let timestamp = Self.word(of: &rest), Self.looksLikeTime(timestamp),
            let stream = Self.word(of: &rest).flatMap({ Stream(rawValue: String(decoding: $0, as: UTF8.self)) }),
            let tags = Self.word(of: &rest) ?? rest.take(),
            let tag = tags.split(separator: UInt8(ascii: ":")).first, tag.count == 1,
            let letter = tag.first, letter == UInt8(ascii: "F") || letter == UInt8(ascii: "P")
        else { return nil }
        self.timestamp = String(decoding: timestamp, as: UTF8.self)
        self.stream = stream
        self.isPartial = letter == UInt8(ascii: "P")
        self.text = rest
    }

    /// Takes what stands before the next space, and the space.
    private static func word(of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let space = rest.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        defer { rest = rest[rest.index(after: space)...] }
        return rest[..<space]
    }

    private static func looksLikeTime(_ text: ArraySlice<UInt8>) -> Bool {
        text.count >= 20 && text.dropFirst(10).first == UInt8(ascii: "T")
    }
}

extension ArraySlice<UInt8> {
    /// All of it, leaving nothing: the tag of a line without text ends the line.
    fileprivate mutating func take() -> ArraySlice<UInt8>? {
        defer { self = self[endIndex...] }
        return isEmpty ? nil : self
    }
}
