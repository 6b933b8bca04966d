import CLibGit2
import Glibc

/// A repository in a directory of this machine.
///
/// libgit2's own local transport copies what every ref of the repository holds; this copies what one needs.
struct LocalRemote: ~Copyable {
    private let url: String
    private let repository: Handle

    /// Opens the repository, bare or with a work tree, that is exactly at `path`.
    init(path: String, url: String) throws(GitSourceError) {
        self.url = redacted(url)
        do {
            repository = try Handle("git_repository_open", free: git_repository_free) {
                git_repository_open_ext(&$0, path, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
            }
        } catch  where error.code == GIT_ENOTFOUND {
            let reason = access(path, F_OK) == 0 ? "the directory is not a repository" : "there is no such directory"
            throw .repositoryMissing(url: self.url, reason: reason)
        } catch {
            throw .unreachable(url: self.url, reason: error.message)
        }
    }

    /// Finds the commit that a ref means.
    func resolve(_ ref: String) throws(GitSourceError) -> ResolvedRef {
        switch RefName(ref) {
        case .commit(let revision): return ResolvedRef(name: nil, target: nil, commit: revision)
        case .candidates(let names):
            for name in names {
                if let found = try look(up: name, asked: ref) { return found }
            }
            let refs = try refs()
            if refs.isEmpty { throw .noCommits(url: url) }
            throw .refMissing(ref: ref, url: url, available: RefName.offered(refs))
        }
    }

    /// Copies the commit that a ref means, and its history, into the clone.
    func fetch(_ ref: String, into clone: borrowing Clone) throws -> ResolvedRef {
        let wanted = try resolve(ref)
        if try !clone.holds(wanted.commit) { try copy(wanted.commit, into: clone) }
        try clone.keep(wanted.commit)
        return wanted
    }

    /// The commit at the end of a ref's links and tags; nil when there is no such ref, or none it leads to.
    private func look(up name: String, asked: String) throws(GitSourceError) -> ResolvedRef? {
        let raw = repository.raw
        do throws(LibGit2Error) {
            let reference = try Handle("git_reference_lookup", free: git_reference_free) {
                git_reference_lookup(&$0, raw, name)
            }
            let commit = try Handle("git_reference_peel", free: git_object_free) {
                git_reference_peel(&$0, reference.raw, GIT_OBJECT_COMMIT)
            }
            let direct = try Handle("git_reference_resolve", free: git_reference_free) {
                git_reference_resolve(&$0, reference.raw)
            }
            guard let revision = Revision(git_object_id(commit.raw).pointee) else { return nil }
            let target = git_reference_target(direct.raw).flatMap { Revision($0.pointee) }
            return ResolvedRef(name: name, target: target, commit: revision)
        } catch {
            switch error.code {
            case GIT_ENOTFOUND, GIT_EUNBORNBRANCH, GIT_EINVALIDSPEC: return nil
            case GIT_EPEEL, GIT_EINVALID, GIT_EAMBIGUOUS: throw .notACommit(ref: asked, url: url)
            default: throw .unreachable(url: url, reason: error.message)
            }
        }
    }

    private func refs() throws(GitSourceError) -> [String] {
        var names = git_strarray()
        defer { git_strarray_dispose(&names) }
        do {
            try check("git_reference_list", git_reference_list(&names, repository.raw))
        } catch { throw .unreachable(url: url, reason: error.message) }
        return (0..<names.count).compactMap { names.strings[$0].map { String(cString: $0) } }
    }

    /// Writes a pack of what the clone lacks, into the clone.
    private func copy(_ commit: Revision, into clone: borrowing Clone) throws {
        let raw = repository.raw
        do {
            let pack = try Handle("git_packbuilder_new", free: git_packbuilder_free) { git_packbuilder_new(&$0, raw) }
            let walk = try Handle("git_revwalk_new", free: git_revwalk_free) { git_revwalk_new(&$0, raw) }
            var id = try commit.id()
            guard git_revwalk_push(walk.raw, &id) == 0 else {
                throw GitSourceError.commitMissing(revision: commit, url: url)
            }
            if var kept = try clone.kept()?.id() {
                // What the clone has may be gone here: then all is copied.
                let result = git_revwalk_hide(walk.raw, &kept)
                if result != GIT_ENOTFOUND.rawValue { try check("git_revwalk_hide", result) }
            }
            try check("git_packbuilder_insert_walk", git_packbuilder_insert_walk(pack.raw, walk.raw))
            try check("git_packbuilder_write", git_packbuilder_write(pack.raw, clone.packDirectory, 0, nil, nil))
        } catch let error as LibGit2Error where ![GIT_ERROR_OS, GIT_ERROR_INDEXER].contains(error.category) {
            // Writing fails as OS or indexer; anything else was in the reading.
            throw GitSourceError.unreachable(url: url, reason: error.message)
        }
    }
}
