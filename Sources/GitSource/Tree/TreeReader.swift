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

    /// Reads what is below the directory at one revision, as far as it differs from an earlier one.
    ///
    /// - Parameter known: what the agent has; forgotten when the clone no longer holds it.
    func changes(to revision: Revision, since known: KnownRevision?) throws -> SourceChanges {
        let raw = clone.repository.raw
        let commit = try self.commit(revision)
        let root = try tree(of: commit)
        let directory = try directory(in: root, revision)
        let walk = try TreeWalk(repository: raw, root: root.raw, path: path, revision: revision, limits: limits)
        let info = CommitInfo(revision, of: commit)
        if let known, let earlier = try earlierDirectory(at: known.revision) {
            return try walk.changes(
                SourceChanges(commit: info, base: known.revision, hasLinks: known.hasLinks), from: earlier.raw,
                to: directory.raw)
        }
        return try walk.changes(SourceChanges(commit: info, base: nil), from: nil, to: directory.raw)
    }

    private func commit(_ revision: Revision) throws(LibGit2Error) -> Handle {
        let raw = clone.repository.raw
        var id = try revision.id()
        return try Handle("git_commit_lookup", free: git_commit_free) { git_commit_lookup(&$0, raw, &id) }
    }

    private func tree(of commit: borrowing Handle) throws(LibGit2Error) -> Handle {
        let raw = commit.raw
        return try Handle("git_commit_tree", free: git_tree_free) { git_commit_tree(&$0, raw) }
    }

    /// The directory as it was; nil when that cannot be said any more.
    private func earlierDirectory(at revision: Revision) throws -> Handle? {
        guard try clone.holds(revision) else { return nil }
        let root = try tree(of: commit(revision))
        return path.isEmpty ? root : try tree(at: path.joined(separator: "/"), in: root)
    }

    /// The tree that `path` names; says how far it leads if it does not.
    private func directory(in root: borrowing Handle, _ revision: Revision) throws -> Handle {
        let wanted = path.joined(separator: "/")
        for length in stride(from: 1, through: path.count, by: 1) {
            let part = path.prefix(length).joined(separator: "/")
            switch try kind(of: part, in: root.raw) {
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
        let tree = try tree(at: path, in: root)
        return TreeEntry.all(of: tree.raw).filter { $0.mode == GIT_FILEMODE_TREE }.map(\.name)
    }

    private func tree(at path: String, in root: borrowing Handle) throws(LibGit2Error) -> Handle {
        let (raw, root) = (clone.repository.raw, root.raw)
        if path.isEmpty { return try Handle("git_tree_dup", free: git_tree_free) { git_tree_dup(&$0, root) } }
        let entry = try Handle("git_tree_entry_bypath", free: git_tree_entry_free) {
            git_tree_entry_bypath(&$0, root, path)
        }
        return try Handle("git_tree_lookup", free: git_tree_free) {
            git_tree_lookup(&$0, raw, git_tree_entry_id(entry.raw))
        }
    }
}

/// What a tree has at a path; nil for nothing.
func kind(of path: String, in root: OpaquePointer) throws(LibGit2Error) -> git_object_t? {
    var entry: OpaquePointer?
    let result = git_tree_entry_bypath(&entry, root, path)
    if result == GIT_ENOTFOUND.rawValue { return nil }
    try check("git_tree_entry_bypath", result)
    defer { git_tree_entry_free(entry) }
    return git_tree_entry_type(entry)
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
