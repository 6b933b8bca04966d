import CLibGit2
import Manifests

/// Goes through two trees side by side, and reads what only the later one has.
///
/// Equal directories are not entered: the cost is that of the change, not of the repository.
struct TreeWalk: ~Copyable {
    private let repository: OpaquePointer
    private let objects: Handle
    /// The top of the later revision's tree, where links lead.
    private let root: OpaquePointer
    private let path: [String]
    private let revision: Revision
    private let limits: SourceLimits

    /// Prepares a walk; `repository` and `root` must outlive it.
    init(
        repository: OpaquePointer, root: OpaquePointer, path: [String], revision: Revision, limits: SourceLimits
    ) throws(LibGit2Error) {
        objects = try Handle("git_repository_odb", free: git_odb_free) { git_repository_odb(&$0, repository) }
        self.repository = repository
        self.root = root
        self.path = path
        self.revision = revision
        self.limits = limits
    }

    /// Fills in what differs between two directories.
    ///
    /// - Parameters:
    ///   - changes: what to fill in. Where it says that there are links, equal directories are entered too: what a link
    ///     means changes with what it leads to.
    ///   - earlier: nil when everything is new.
    func changes(
        _ changes: SourceChanges, from earlier: OpaquePointer?, to later: OpaquePointer
    ) throws -> SourceChanges {
        var found = Findings(changes: changes, entersEqual: changes.hasLinks)
        try compare(earlier, later, "", &found)
        return found.changes
    }

    private struct Findings {
        var changes: SourceChanges
        let entersEqual: Bool
        var bytes = 0
    }

    /// Both trees are in one order, so that one pass finds what is on one side only.
    private func compare(
        _ earlier: OpaquePointer?, _ later: OpaquePointer?, _ prefix: String, _ found: inout Findings
    ) throws {
        var (left, right) = (0, 0)
        while true {
            let (old, new) = (TreeEntry(earlier, left), TreeEntry(later, right))
            guard old != nil || new != nil else { return }
            let order = old.flatMap { old in new.map { old.order(before: $0) } } ?? (old == nil ? 1 : -1)
            if order <= 0 { left += 1 }
            if order >= 0 { right += 1 }
            try compare(order <= 0 ? old : nil, order >= 0 ? new : nil, prefix, &found)
        }
    }

    /// Compares the entries of one name; one of them may be nil.
    private func compare(_ old: TreeEntry?, _ new: TreeEntry?, _ prefix: String, _ found: inout Findings) throws {
        guard let entry = new ?? old, !entry.isHidden else { return }
        let isSame = old.flatMap { old in new.map(old.isSame) } ?? false
        let maySpeakOfOthers = entry.mode == GIT_FILEMODE_TREE || entry.mode == GIT_FILEMODE_LINK
        if isSame && !(found.entersEqual && maySpeakOfOthers) { return }
        let name = prefix + entry.name
        let (oldTree, newTree) = (old?.tree, new?.tree)
        if oldTree != nil || newTree != nil {
            try enter(oldTree, newTree, name + "/", &found)
        }
        if let old, oldTree == nil, old.mode != GIT_FILEMODE_BLOB || name.isManifestName {
            found.changes.removed.append(name)
        }
        if let new, newTree == nil { try add(new, name, prefix, &found) }
    }

    private func enter(_ old: git_oid?, _ new: git_oid?, _ prefix: String, _ found: inout Findings) throws {
        let (old, new) = (try lookUp(old), try lookUp(new))
        defer {
            git_tree_free(old)
            git_tree_free(new)
        }
        try compare(old, new, prefix, &found)
    }

    /// The directory of this id, to be freed; nil for nil.
    private func lookUp(_ id: git_oid?) throws(LibGit2Error) -> OpaquePointer? {
        guard var id else { return nil }
        var tree: OpaquePointer?
        try check("git_tree_lookup", git_tree_lookup(&tree, repository, &id))
        return tree
    }

    private func add(_ entry: TreeEntry, _ name: String, _ prefix: String, _ found: inout Findings) throws {
        switch entry.mode {
        case GIT_FILEMODE_COMMIT:
            found.changes.submodules.append(name)
        case GIT_FILEMODE_LINK:
            found.changes.hasLinks = true
            let target = String(decoding: try contents(of: entry.id), as: UTF8.self)
            if try name.isManifestName || !leadsToFile(target, from: prefix) {
                found.changes.unreadable.append(UnreadableEntry(path: name, reason: .symbolicLink(target: target)))
            }
        default:
            if name.isManifestName { try read(entry.id, name, &found) }
        }
    }

    private func read(_ id: git_oid, _ name: String, _ found: inout Findings) throws {
        let size = try size(of: id)
        guard size <= limits.fileBytes else {
            let reason = UnreadableEntry.Reason.tooLarge(size: size, limit: limits.fileBytes)
            return found.changes.unreadable.append(UnreadableEntry(path: name, reason: reason))
        }
        // Looked at before it is read: a repository may hold more than this machine.
        found.bytes += size
        let directory = path.joined(separator: "/")
        if found.changes.files.count >= limits.files {
            throw GitSourceError.tooManyFiles(path: directory, revision: revision, limit: limits.files)
        }
        if found.bytes > limits.totalBytes {
            throw GitSourceError.tooManyBytes(path: directory, revision: revision, limit: limits.totalBytes)
        }
        found.changes.files.append(
            ManifestFile(path: name, contents: try contents(of: id), contentID: id.contentID))
    }

    /// The size of a blob, found without reading it.
    private func size(of id: git_oid) throws(LibGit2Error) -> Int {
        var (id, size, kind) = (id, 0, GIT_OBJECT_BLOB)
        try check("git_odb_read_header", git_odb_read_header(&size, &kind, objects.raw, &id))
        return size
    }

    private func contents(of id: git_oid) throws(LibGit2Error) -> [UInt8] {
        let objects = objects.raw
        var id = id
        let blob = try Handle("git_odb_read", free: git_odb_object_free) { git_odb_read(&$0, objects, &id) }
        return Array(
            UnsafeRawBufferPointer(start: git_odb_object_data(blob.raw), count: git_odb_object_size(blob.raw)))
    }

    /// Whether a relative link leads to a plain file of the same tree. One that leads anywhere else may stand where
    /// manifests were: taken for nothing, it would end their Pods.
    private func leadsToFile(_ target: String, from prefix: String) throws(LibGit2Error) -> Bool {
        if target.hasPrefix("/") { return false }
        var parts = path + prefix.split(separator: "/").map(String.init)
        for part in target.split(separator: "/") where part != "." {
            if part != ".." { parts.append(String(part)) } else if parts.popLast() == nil { return false }
        }
        if parts.isEmpty { return false }
        return try kind(of: parts.joined(separator: "/"), in: root) == GIT_OBJECT_BLOB
    }
}

extension TreeEntry {
    /// The id of the directory that this is; nil for anything else.
    fileprivate var tree: git_oid? { mode == GIT_FILEMODE_TREE ? id : nil }
}
