import Glibc
import Linux

/// What of a directory of archives is in the store: one small file in the store, which is lost and forgotten with it.
struct PreloadMemory: Codable, Sendable {
    /// By absolute path.
    var files: [String: ArchiveSignature] = [:]

    private static let name = "preloaded.json"

    /// What the last pass left. A file that cannot be read costs an import that changes nothing.
    static func load(from layout: StoreLayout) -> PreloadMemory {
        guard let bytes = try? Descriptor.open("\(layout.root)/\(name)", O_RDONLY | O_NOFOLLOW).readToEnd(),
            let memory = try? JSON.decode(PreloadMemory.self, from: bytes)
        else { return PreloadMemory() }
        return memory
    }

    /// Stores it, without the files that are no more.
    func save(in layout: StoreLayout) throws {
        var present = self
        present.files = files.filter { access($0.key, F_OK) == 0 }
        try replaceFile(Self.name, in: layout.root, with: JSON.encode(present))
    }
}

/// By what a file is recognised without reading it. Of an OCI layout's directory it is the index, which changes whenever
/// the layout does.
struct ArchiveSignature: Hashable, Codable, Sendable {
    let inode: UInt64
    let size: Int64
    /// Nanoseconds since 1970.
    let modified: Int64
    /// Nanoseconds since 1970, of the content or its owner, mode or name.
    let changed: Int64

    init(of path: String) throws(SystemError) {
        var status = stat()
        if stat(path, &status) != 0 { throw SystemError("stat", path) }
        if status.st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR), stat("\(path)/index.json", &status) != 0 {
            throw SystemError("stat", "\(path)/index.json")
        }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }

    /// The time since it was written to; a clock that was set back makes nothing wait.
    func age(now: Int64) -> Duration { modified > now ? .seconds(3600) : .nanoseconds(now - modified) }
}
