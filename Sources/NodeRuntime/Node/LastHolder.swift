import PodModel

/// Who had claimed a node last, as the lock's file tells it: the process's number, and below it when that ended its work.
public struct LastHolder: Hashable, Sendable {
    /// The process.
    public let process: Int32
    /// When it gave the node up; nil if it never said so: it was killed, or has the node still.
    public let endedAt: WallTime?

    /// Puts the two together.
    public init(process: Int32, endedAt: WallTime?) {
        self.process = process
        self.endedAt = endedAt
    }

    /// Reads the file's text; nil when it names no process.
    init?(fileText text: String) {
        let lines = text.split(separator: "\n")
        guard let process = lines.first.flatMap({ Int32($0) }) else { return nil }
        self.init(
            process: process,
            endedAt: lines.dropFirst().first.flatMap { Int64($0) }.map(WallTime.init(nanoseconds:)))
    }
}
