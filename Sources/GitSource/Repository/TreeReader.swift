import CLibGit2

/// Reads the manifests of a commit out of the object store, without a checkout.
struct TreeReader: ~Copyable {
    private let clone: Clone
    private let path: [String]
    private let limits: SourceLimits

    init(clone: consuming Clone, path: [String], limits: SourceLimits) {
        self.clone = clone
        self.path = path
        self.limits = limits
    }

    /// Reads what is below the directory at one revision.
    func snapshot(of revision: Revision, repairing damage: String?) throws -> SourceSnapshot {
        let raw = clone.repository.raw
        var id = try revision.id()
        let commit = try Handle("git_commit_lookup", free: git_commit_free) { git_commit_lookup(&$0, raw, &id) }
        let root = try Handle("git_commit_tree", free: git_tree_free) { git_commit_tree(&$0, commit.raw) }
        var found = Findings()
        if path.isEmpty {
            try walk(root, "", root, revision, &found)
        } else {
            try walk(try directory(in: root, revision), "", root, revision, &found)
        }
        return SourceSnapshot(
            commit: CommitInfo(revision, of: commit), files: found.files.sorted { $0.path < $1.path },
            unreadable: found.unreadable, submodules: found.submodules,
            repairedDamage: damage)
    }

    private struct Findings {
        var files: [SourceFile] = []
        var unreadable: [UnreadableEntry] = []
        var submodules: [String] = []
        var bytes = 0
    }

    /// The tree that `path` names; says how far it leads if it does not.
    private func directory(in root: borrowing Handle, _ revision: Revision) throws -> Handle {
        let wanted = path.joined(separator: "/")
        for length in 1...path.count {
            let part = path.prefix(length).joined(separator: "/")
            switch try kind(of: part, in: root) {
            case GIT_OBJECT_TREE: continue
            case nil, GIT_OBJECT_COMMIT:
                let nearest = path.prefix(length - 1).joined(separator: "/")
                throw GitSourceError.pathMissing(
                    path: wanted, revision: revision, nearest: nearest,
                    directories: try directories(in: nearest, root))
            default:
                throw GitSourceError.notADirectory(path: part, revision: revision)
            }
        }
        return try tree(at: wanted, in: root)
    }

    private func directories(in path: String, _ root: borrowing Handle) throws(LibGit2Error) -> [String] {
        if path.isEmpty { return Entry.all(of: root).filter { $0.mode == GIT_FILEMODE_TREE }.map(\.name) }
        return Entry.all(of: try tree(at: path, in: root)).filter { $0.mode == GIT_FILEMODE_TREE }.map(\.name)
    }

    /// What the tree has at a path; nil for nothing.
    private func kind(of path: String, in root: borrowing Handle) throws(LibGit2Error) -> git_object_t? {
        var entry: OpaquePointer?
        let result = git_tree_entry_bypath(&entry, root.raw, path)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        try check("git_tree_entry_bypath", result)
        defer { git_tree_entry_free(entry) }
        return git_tree_entry_type(entry)
    }

    private func tree(at path: String, in root: borrowing Handle) throws(LibGit2Error) -> Handle {
        let (raw, root) = (clone.repository.raw, root.raw)
        let entry = try Handle("git_tree_entry_bypath", free: git_tree_entry_free) {
            git_tree_entry_bypath(&$0, root, path)
        }
        return try Handle("git_tree_lookup", free: git_tree_free) {
            git_tree_lookup(&$0, raw, git_tree_entry_id(entry.raw))
        }
    }

    private func walk(
        _ tree: borrowing Handle, _ prefix: String, _ root: borrowing Handle, _ revision: Revision,
        _ found: inout Findings
    ) throws {
        let raw = clone.repository.raw
        for var entry in Entry.all(of: tree) where !entry.name.hasPrefix(".") {
            let name = prefix + entry.name
            switch entry.mode {
            case GIT_FILEMODE_TREE:
                let subtree = try Handle("git_tree_lookup", free: git_tree_free) {
                    git_tree_lookup(&$0, raw, &entry.id)
                }
                try walk(subtree, name + "/", root, revision, &found)
            case GIT_FILEMODE_COMMIT:
                found.submodules.append(name)
            case GIT_FILEMODE_LINK:
                let target = String(decoding: try contents(of: entry.id), as: UTF8.self)
                if try entry.isManifest || !leadsToFile(target, from: prefix, root) {
                    found.unreadable.append(UnreadableEntry(path: name, reason: .symbolicLink(target: target)))
                }
            default:
                if entry.isManifest { try read(entry, name, revision, &found) }
            }
        }
    }

    private func read(_ entry: Entry, _ name: String, _ revision: Revision, _ found: inout Findings) throws {
        let size = try size(of: entry.id)
        guard size <= limits.fileBytes else {
            let reason = UnreadableEntry.Reason.tooLarge(size: size, limit: limits.fileBytes)
            return found.unreadable.append(UnreadableEntry(path: name, reason: reason))
        }
        let bytes = try contents(of: entry.id)
        found.files.append(SourceFile(path: name, contents: bytes))
        found.bytes += bytes.count
        let directory = path.joined(separator: "/")
        if found.files.count > limits.files {
            throw GitSourceError.tooManyFiles(path: directory, revision: revision, limit: limits.files)
        }
        if found.bytes > limits.totalBytes {
            throw GitSourceError.tooManyBytes(path: directory, revision: revision, limit: limits.totalBytes)
        }
    }

    /// The size of a blob, found without reading it.
    private func size(of id: git_oid) throws(LibGit2Error) -> Int {
        let raw = clone.repository.raw
        let odb = try Handle("git_repository_odb", free: git_odb_free) { git_repository_odb(&$0, raw) }
        var (id, size, kind) = (id, 0, GIT_OBJECT_BLOB)
        try check("git_odb_read_header", git_odb_read_header(&size, &kind, odb.raw, &id))
        return size
    }

    private func contents(of id: git_oid) throws(LibGit2Error) -> [UInt8] {
        let raw = clone.repository.raw
        var id = id
        let blob = try Handle("git_blob_lookup", free: git_blob_free) { git_blob_lookup(&$0, raw, &id) }
        return Array(
            UnsafeRawBufferPointer(start: git_blob_rawcontent(blob.raw), count: Int(git_blob_rawsize(blob.raw))))
    }

    /// Whether a relative link leads to a plain file of the same tree. One that leads anywhere else may stand where
    /// manifests were: taken for nothing, it would end their Pods.
    private func leadsToFile(
        _ target: String, from prefix: String, _ root: borrowing Handle
    ) throws(LibGit2Error) -> Bool {
        if target.hasPrefix("/") { return false }
        var parts = path + prefix.split(separator: "/").map(String.init)
        for part in target.split(separator: "/") where part != "." {
            if part != ".." { parts.append(String(part)) } else if parts.popLast() == nil { return false }
        }
        if parts.isEmpty { return false }
        return try kind(of: parts.joined(separator: "/"), in: root) == GIT_OBJECT_BLOB
    }
}

/// One line of a tree.
private struct Entry {
    let name: String
    let mode: git_filemode_t
    var id: git_oid

    var isManifest: Bool { isManifestName(name) }

    static func all(of tree: borrowing Handle) -> [Entry] {
        (0..<git_tree_entrycount(tree.raw)).compactMap { index in
            guard let entry = git_tree_entry_byindex(tree.raw, index), let id = git_tree_entry_id(entry) else {
                return nil
            }
            return Entry(
                name: String(cString: git_tree_entry_name(entry)), mode: git_tree_entry_filemode(entry), id: id.pointee)
        }
    }
}

extension CommitInfo {
    fileprivate init(_ revision: Revision, of commit: borrowing Handle) {
        let author = git_commit_author(commit.raw)?.pointee
        self.init(
            revision: revision, authorName: author?.name.map { String(cString: $0) } ?? "",
            authorEmail: author?.email.map { String(cString: $0) } ?? "", committedAt: git_commit_time(commit.raw),
            subject: git_commit_summary(commit.raw).map { String(cString: $0) } ?? "")
    }
}
