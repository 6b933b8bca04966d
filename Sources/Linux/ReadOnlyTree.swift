import CLinux

/// A read-only view of the directory a file lies in, to start the file from.
///
/// It is a mount without a place in any mount table; it ends with the last process started from it.
public struct ReadOnlyTree: ~Copyable, Sendable {
    /// The directory's root in the view.
    public let descriptor: Descriptor
    /// The file's name in it.
    public let name: String

    /// A view of the directory of the file at `path`.
    public init(of path: String) throws(SystemError) {
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { String(path[..<$0]) } ?? "."
        name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        descriptor = Descriptor(
            owning: try retrying("open_tree", directory) { clinux_read_only_tree(directory.isEmpty ? "/" : directory) })
    }
}
