import CLibGit2

/// The bare clone: one commit of the remote with its history, kept so that the next fetch is small.
///
/// It is not synced to disk: losing it costs a fetch, and what was accepted is recorded elsewhere.
struct Clone: ~Copyable {
    /// The ref that keeps what was fetched last.
    static let keptRef = "refs/reconcile/wanted"

    let repository: Handle
    private let path: String

    /// Opens the clone; makes it where there is none.
    init(path: String) throws(LibGit2Error) {
        self.path = path
        repository = try Handle("git_repository_init", free: git_repository_free) {
            // Does nothing to a repository that is whole.
            git_repository_init(&$0, path, 1)
        }
    }

    /// Where packs belong.
    var packDirectory: String { "\(path)/objects/pack" }

    /// Whether a commit, and with it everything it refers to, is here: packs arrive whole or not at all.
    func holds(_ revision: Revision) throws(LibGit2Error) -> Bool {
        let raw = repository.raw
        let odb = try Handle("git_repository_odb", free: git_odb_free) { git_repository_odb(&$0, raw) }
        var id = try revision.id()
        return git_odb_exists(odb.raw, &id) == 1
    }

    /// The commit that was fetched last.
    func kept() throws(LibGit2Error) -> Revision? {
        var id = git_oid()
        let result = git_reference_name_to_id(&id, repository.raw, Self.keptRef)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        try check("git_reference_name_to_id", result)
        return Revision(id)
    }

    /// Notes that this commit was fetched last.
    func keep(_ revision: Revision) throws(LibGit2Error) {
        if try kept() == revision { return }
        var id = try revision.id()
        let raw = repository.raw
        _ = try Handle("git_reference_create", free: git_reference_free) {
            git_reference_create(&$0, raw, Self.keptRef, &id, 1, nil)
        }
    }
}
