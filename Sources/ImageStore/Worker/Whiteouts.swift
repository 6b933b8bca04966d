import Glibc
import Linux

/// What a layer hides of those below it, carried out after its files are there.
///
/// A whiteout speaks of lower layers only, wherever it stands in the tar. So if the layer itself has something of that
/// name, it stays: a file hides the lower one anyway, and a directory becomes opaque.
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
        var opaqueNames: Set<String> = []
        for directory in opaque {
            _ = try openDirectory(directory)
            opaqueNames.insert(try name(directory))
        }
        for path in removed {
            let parent = try openDirectory(path.parent)
            if try hasDirectory(afterHiding: path, in: parent) { opaqueNames.insert(try name(path)) }
        }
        return opaqueNames.sorted()
    }

    /// Makes a whiteout unless the layer has something there; true if that is a directory.
    private func hasDirectory(afterHiding path: ArchivePath, in parent: borrowing Descriptor) throws -> Bool {
        let name = try name(ArchivePath(components: path.components.suffix(1)))
        let directory = parent.raw
        if mknodat(directory, name, mode_t(S_IFCHR), 0) == 0 { return false }
        guard errno == EEXIST else { throw SystemError("mknodat", name) }
        return try Descriptor.status(of: name, at: directory)?.kind == .directory
    }

    /// Opens a directory of the layer, name by name and through no link; makes what is missing.
    private func openDirectory(_ path: ArchivePath) throws -> Descriptor {
        var directory = try Descriptor.open(".", O_RDONLY | O_DIRECTORY)
        for component in path.components {
            let name = try name(ArchivePath(components: [component]))
            let parent = directory.raw
            if mkdirat(parent, name, 0o755) != 0 && errno != EEXIST { throw SystemError("mkdirat", name) }
            directory = try descend(into: name, from: parent)
        }
        return directory
    }

    private func descend(into name: String, from parent: Int32) throws -> Descriptor {
        do throws(SystemError) {
            return try Descriptor.open(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, at: parent)
        } catch {
            guard error.code == ENOTDIR || error.code == ELOOP else { throw error }
            throw Refusal("a whiteout lies below \(quoted(name.utf8)), which is no directory")
        }
    }

    private func name(_ path: ArchivePath) throws(Refusal) -> String {
        guard let text = path.text else { throw Refusal("it hides a file whose name is not UTF-8") }
        return text
    }
}
