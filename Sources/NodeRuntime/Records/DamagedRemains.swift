import Glibc
import Linux
import PodModel

/// What is left of Pods whose records could not be read, beside the record that was set aside: kept for a person, and
/// removed after a week. Nothing of it runs: what did was ended when the record was found.
public struct DamagedRemains: Sendable {
    /// How long it is kept.
    static let age = Duration.seconds(7 * 86_400)

    /// What is left of one Pod.
    public struct Remains: Hashable, Sendable {
        /// Where it lies.
        public let directory: String
        /// When its record was set aside.
        public let since: WallTime

        /// When it is removed.
        public var until: WallTime { since + DamagedRemains.age }
    }

    /// `<state>/pods`.
    private let directory: String

    /// Those of a node.
    public init(_ paths: NodePaths) { self.init(in: paths.podStates) }

    init(in directory: String) { self.directory = directory }

    /// All of it, by directory.
    public func all() throws -> [Remains] {
        try names(in: directory).sorted().compactMap { Self.remains(in: "\(directory)/\($0)") }
    }

    /// Removes what is too old. Blocks.
    func collect(now: WallTime) throws {
        for remains in try all() where remains.until < now { try MountsBelow.removeTree(remains.directory) }
    }

    /// Removes all of it. Blocks.
    func removeAll() throws { for remains in try all() { try MountsBelow.removeTree(remains.directory) } }

    /// What is left in a Pod's directory; nil where the Pod has a record, as one that began anew does.
    static func remains(in directory: String) -> Remains? {
        var status = stat()
        guard access("\(directory)/\(RecordFile.name)", F_OK) != 0,
            lstat("\(directory)/\(RecordFile.asideName)", &status) == 0
        else { return nil }
        // It was renamed then, which is a change of the file but not of what it holds.
        let time = status.st_ctim
        let since = WallTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
        return Remains(directory: directory, since: since)
    }
}
