/// Turns what a container writes into the CRI log format: `timestamp stream tag text` (node-runtime rule: kubelet's
/// `RFC3339Nano stdout|stderr F|P text`). One per stream.
public struct CRILog: Sendable {
    /// The longest piece of a line, in bytes; a longer line becomes several pieces tagged P, the last tagged F
    /// (containerd: 16 KiB).
    public static let pieceLimit = 16 << 10

    private let stream: [UInt8]
    private let isTerminal: Bool
    private var partial: [UInt8] = []

    /// The log of standard output, or of standard error.
    ///
    /// - Parameter isTerminal: whether a terminal ends the lines, with a carriage return that is none of the text
    ///   (containerd).
    public init(isError: Bool, isTerminal: Bool = false) {
        self.isTerminal = isTerminal
        stream = isError ? [0x73, 0x74, 0x64, 0x65, 0x72, 0x72] : [0x73, 0x74, 0x64, 0x6F, 0x75, 0x74]
    }

    /// Takes what was read at `time` (nanoseconds of wall time) and appends the finished pieces to `output`.
    public mutating func take(_ bytes: ArraySlice<UInt8>, at time: UInt64, into output: inout [UInt8]) {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let room = start + min(bytes.endIndex - start, Self.pieceLimit - partial.count)
            if let newline = bytes[start..<room].firstIndex(of: 0x0A) {
                emit(withoutReturn(bytes[start..<newline]), full: true, time, &output)
                start = newline + 1
            } else if room - start + partial.count == Self.pieceLimit {
                emit(bytes[start..<room], full: false, time, &output)
                start = room
            } else {
                partial.append(contentsOf: bytes[start..<room])
                start = room
            }
        }
    }

    /// The stream ended: a line without its end is written as a piece tagged P.
    public mutating func finish(at time: UInt64, into output: inout [UInt8]) {
        if !partial.isEmpty { emit([], full: false, time, &output) }
    }

    /// A line's end without the carriage return that the terminal put there, which may have come before.
    private mutating func withoutReturn(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard isTerminal else { return rest }
        if rest.last == 0x0D { return rest.dropLast() }
        if rest.isEmpty, partial.last == 0x0D { partial.removeLast() }
        return rest
    }

    private mutating func emit(_ rest: ArraySlice<UInt8>, full: Bool, _ time: UInt64, _ output: inout [UInt8]) {
        appendRFC3339(nanoseconds: time, to: &output)
        output.append(0x20)
        output.append(contentsOf: stream)
        output.append(0x20)
        output.append(full ? 0x46 : 0x50)
        output.append(0x20)
        output.append(contentsOf: partial)
        output.append(contentsOf: rest)
        output.append(0x0A)
        partial.removeAll(keepingCapacity: true)
    }
}
