import Glibc
import Linux

/// What a layer hides of those below it, carried out after its files are there.
///
/// A whiteout speaks of lower layers only, wherever it stands in the tar. So if the layer itself has something of that
/// name, it stays: a file hides the lower one anyway, and a directory becomes opaque. For the same reason a whiteout
/// below a file, a link or an opaque directory has nothing left to hide, and is not made: overlayfs would show it.
struct Whiteouts {
    /// Paths that hide one name.
    private var removed: Set<ArchivePath> = []
    /// Directories that hide all below.
    private var opaque: Set<ArchivePath> = []

    /// Hides what lower layers have at `path`.
    mutating func hide(_ path: ArchivePath) { removed.insert(path) }

    /// Hides all that lower layers have in the directory at `path`.
    mutating func hideContents(of path: ArchivePath) { opaque.insert(path) }

    /// Makes overlayfs's whiteouts (character devices 0:0) in the working directory.
    ///
    /// - Returns: the directories to be made opaque, sorted.
    consuming func apply() throws -> [String] {
        var made: Set<ArchivePath> = []
        for directory in opaque where try openDirectory(directory) != nil { made.insert(directory) }
        // From the top down, so that a directory is known to be opaque before what is below it comes up.
        for path in removed.sorted(by: { $0.components.count < $1.components.count }) {
            if path.ancestors.contains(where: made.contains) { continue }
            if try hasDirectory(afterHiding: path) { made.insert(path) }
        }
        return try made.map(name).sorted()
    }

    /// Makes a whiteout unless the layer has something there; true if that is a directory.
    private func hasDirectory(afterHiding path: ArchivePath) throws -> Bool {
        guard let parent = try openDirectory(path.parent) else { return false }
        let name = try name(ArchivePath(components: path.components.suffix(1)))
        if mknodat(parent.raw, name, mode_t(S_IFCHR), 0) == 0 { return false }
        guard errno == EEXIST else { throw SystemError("mknodat", name) }
        return try Descriptor.status(of: name, at: parent.raw)?.kind == .directory
    }

    /// Opens a directory of the layer, name by name and through no link; makes what is missing. Nil when something
    /// that is no directory is in the way.
    private func openDirectory(_ path: ArchivePath) throws -> Descriptor? {
        var directory = try Descriptor.open(".", O_RDONLY | O_DIRECTORY)
        for component in path.components {
            let name = try name(ArchivePath(components: [component]))
            let parent = directory.raw
            if mkdirat(parent, name, 0o755) != 0 && errno != EEXIST { throw SystemError("mkdirat", name) }
            guard try Descriptor.status(of: name, at: parent)?.kind == .directory else { return nil }
            directory = try Descriptor.open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, at: parent)
        }
        return directory
    }

    private func name(_ path: ArchivePath) throws(Refusal) -> String {
        guard let text = path.text else { throw Refusal("it hides a file whose name is not UTF-8") }
        return text
    }
}
