import Glibc
import Linux
import PodModel

/// Writes a volume's files so that all of them change at once: they are links that lead through `..data` to a directory of
/// their version, and one rename exchanges that (kubelet: AtomicWriter).
///
/// Everything is done below a directory that is open, and no link is followed: what others may have planted there leads
/// nowhere (CVE-2025-9566).
struct VolumeFilesWriter: Sendable {
    /// The name of the new version's directory, which begins with two dots and none before had.
    let version: String
    /// To whom the files belong beside root; nil for nobody.
    var owner: VolumeOwnership?

    private static let current = "..data"
    private static let next = "..data_tmp"

    /// Replaces the files below `directory`.
    func write(_ files: [VolumeFile], below directory: borrowing Descriptor) throws(SystemError) {
        let root = directory.raw
        try removeTree(version, at: root)
        try makeVersion(of: files, in: root)
        // Before they are seen.
        if let owner { try owner.apply(to: Descriptor.open(version, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, at: root)) }
        try removeTree(Self.next, at: root)
        try retrying("symlinkat", Self.next) { symlinkat(version, root, Self.next) }
        try retrying("renameat", Self.current) { renameat(root, Self.next, root, Self.current) }
        let shown = Set(files.compactMap { $0.path.split(separator: "/").first.map(String.init) })
        for name in shown.sorted() { try show(name, in: root) }
        for name in try directory.names() where !isKept(name, shown) { try removeTree(name, at: root) }
        try owner?.apply(to: directory)
    }

    private func isKept(_ name: String, _ shown: Set<String>) -> Bool {
        name == Self.current || name == version || shown.contains(name)
    }

    private func makeVersion(of files: [VolumeFile], in root: Int32) throws(SystemError) {
        try makeDirectory(version, in: root)
        let directory = try Descriptor.open(version, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, at: root)
        let new = directory.raw
        var made: Set<String> = []
        for file in files {
            let parts = file.path.split(separator: "/")
            for depth in 1..<max(1, parts.count) {
                let parent = parts.prefix(depth).joined(separator: "/")
                if made.insert(parent).inserted { try makeDirectory(parent, in: new) }
            }
            let opened = try Descriptor.open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, at: new)
            try opened.writeAll(file.bytes)
            let raw = opened.raw
            try retrying("fchmod", file.path) { fchmod(raw, mode_t(file.mode)) }
        }
    }

    /// With this mode whatever the agent's umask is.
    private func makeDirectory(_ name: String, in directory: Int32) throws(SystemError) {
        try retrying("mkdirat", name) { mkdirat(directory, name, 0o700) }
        try retrying("fchmodat", name) { fchmodat(directory, name, 0o755, 0) }
    }

    /// A link of a file's, or of its topmost directory's, unless it is there.
    private func show(_ name: String, in root: Int32) throws(SystemError) {
        let wanted = "\(Self.current)/\(name)"
        var text = [CChar](repeating: 0, count: 4096)
        let length = readlinkat(root, name, &text, text.count)
        if length >= 0, String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self) == wanted {
            return
        }
        try removeTree(name, at: root)
        try retrying("symlinkat", name) { symlinkat(wanted, root, name) }
    }
}
