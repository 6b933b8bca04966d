import Manifests

/// What differs between two revisions of the followed directory: as much as the worker reads and sends.
struct SourceChanges: Hashable, Sendable {
    /// The later revision.
    let commit: CommitInfo
    /// The earlier one; nil when there is none, and so everything is among what is new.
    let base: Revision?
    /// Paths of the earlier revision that are no more, or no more as they were.
    var removed: [String] = []
    /// New files and new contents.
    var files: [ManifestFile] = []
    var unreadable: [UnreadableEntry] = []
    var submodules: [String] = []
    /// Whether there are symbolic links among what was compared.
    var hasLinks = false
    /// The damage for which the clone was made anew.
    var repairedDamage: String?
}

extension SourceSnapshot {
    /// The snapshot that `changes` make of an earlier one; nil when they are about another.
    init?(_ changes: SourceChanges, since earlier: SourceSnapshot?) {
        guard changes.base == nil || changes.base == earlier?.commit.revision else { return nil }
        let base = changes.base == nil ? nil : earlier
        let removed = Set(changes.removed)
        self.init(
            commit: changes.commit,
            files: merged(base?.files ?? [], without: removed, with: changes.files, by: \.path),
            unreadable: merged(base?.unreadable ?? [], without: removed, with: changes.unreadable, by: \.path),
            submodules: merged(base?.submodules ?? [], without: removed, with: changes.submodules, by: \.self),
            repairedDamage: changes.repairedDamage)
    }

    /// Bytes of all files.
    var size: Int { files.reduce(0) { $0 + $1.contents.count } }

    /// Throws when there is more than may be read.
    func check(_ limits: SourceLimits, below path: String) throws(GitSourceError) {
        if files.count > limits.files {
            throw .tooManyFiles(path: path, revision: commit.revision, limit: limits.files)
        }
        if size > limits.totalBytes {
            throw .tooManyBytes(path: path, revision: commit.revision, limit: limits.totalBytes)
        }
    }
}

/// The elements of a sorted list that were not removed, and new ones, sorted.
private func merged<Element>(
    _ old: [Element], without removed: Set<String>, with new: [Element], by path: (Element) -> String
) -> [Element] {
    let new = new.sorted { path($0) < path($1) }
    if old.isEmpty { return new }
    var result: [Element] = []
    result.reserveCapacity(old.count + new.count)
    var rest = new[...]
    for element in old where removed.isEmpty || !removed.contains(path(element)) {
        while let next = rest.first, path(next) < path(element) {
            result.append(next)
            rest.removeFirst()
        }
        result.append(element)
    }
    return result + rest
}
