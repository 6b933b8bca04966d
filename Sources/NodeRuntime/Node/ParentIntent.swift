import Glibc
import Linux

/// The cgroup parent that is about to be made, written into the state directory first: one that a killed agent left without
/// its mark is known by that for ours.
struct ParentIntent: Sendable {
    let stateDirectory: String
    /// The parent's path below the root of each hierarchy.
    let parent: String

    private static let name = "intended-parent"
    private var path: String { "\(stateDirectory)/\(Self.name)" }

    /// Whether an earlier agent began to make this parent, and did not get to mark it everywhere.
    func stands() throws(SystemError) -> Bool { try text(of: path) == parent }

    /// To be called once nobody else's parent was seen, and before one is made.
    ///
    /// Not synced: a power cut takes the cgroup too.
    func write() throws(SystemError) {
        let temporary = "\(path).new"
        let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
        try file.writeAll(Array("\(parent)\n".utf8))
        try retrying("rename", path) { rename(temporary, path) }
    }

    /// The parent carries our mark in every hierarchy.
    func fulfil() throws(SystemError) { try removeTree(path) }
}
