import Dispatch
import Glibc
import Linux

/// The log of one container instance, read as `kubectl logs` reads it.
public struct ContainerLog: Sendable {
    /// Which lines are wanted.
    public struct Selection: Hashable, Sendable {
        /// How many lines from the end; nil for all.
        public var tail: Int?
        /// Whether to wait for lines that are written later, until the container ends.
        public var follows: Bool

        /// By default, everything written so far.
        public init(tail: Int? = nil, follows: Bool = false) {
            self.tail = tail
            self.follows = follows
        }
    }

    /// The file the logger writes.
    public let path: String

    /// The log in the file at `path`.
    public init(path: String) { self.path = path }

    /// Hands the selected lines to `body`, oldest first.
    ///
    /// Following ends when all was read and `isRunning` says no. It waits for the logger to write or close the file, and
    /// asks again every five seconds in case the end itself was missed (kubelet: stateCheckPeriod).
    ///
    /// - Parameter isRunning: whether the container may still write. Not asked unless the selection follows.
    /// - Throws: `SystemError` when the file cannot be read, `CancellationError`, or what `body` throws.
    public func read(
        _ selection: Selection, isRunning: @Sendable () async throws -> Bool, body: ([LogEntry]) throws -> Void
    ) async throws {
        let path = path
        var reader = try LogFileReader(path: path)
        if let tail = selection.tail {
            try body(try Self.last(tail, of: &reader))
        } else {
            try Self.drain(&reader, into: body)
        }
        while selection.follows {
            // Watch first, then ask, then read: what happens in between wakes the wait.
            let watch = try Self.watch(path)
            let mayGrow = try await isRunning()
            try Self.drain(&reader, into: body)
            if !mayGrow { break }
            try await Self.wait(for: watch)
            try Task.checkCancellation()
        }
        try body(reader.finish())
    }

    private static func drain(_ reader: inout LogFileReader, into body: ([LogEntry]) throws -> Void) throws {
        var hasMore = true
        while hasMore {
            let part = try reader.read()
            if !part.entries.isEmpty { try body(part.entries) }
            hasMore = part.hasMore
        }
    }

    private static func last(_ count: Int, of reader: inout LogFileReader) throws -> [LogEntry] {
        var entries: [LogEntry] = []
        try drain(&reader) { new in
            entries += new
            entries.removeFirst(max(0, entries.count - count))
        }
        return entries
    }

    /// Nil for the instant between a rotation's two steps, when there is no such file.
    private static func watch(_ path: String) throws(SystemError) -> FileWatch? {
        do { return try FileWatch(path: path) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    /// The wait blocks, so it has a thread of its own.
    private static func wait(for watch: FileWatch?) async throws {
        guard let watch else { return try await Task.sleep(for: .milliseconds(50)) }
        _ = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "log-watch").async {
                continuation.resume(with: Result { try watch.wait(atMost: .seconds(5)) })
            }
        }
    }
}
