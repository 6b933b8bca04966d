import PodModel

/// A source in which nothing is to run: `down` reconciles with it.
struct EmptySource: Source {
    /// When `down` was asked for.
    let at: WallTime

    private var revision: RevisionID { RevisionID(String(repeating: "0", count: 40)) }

    func head() async throws -> RevisionID { revision }

    func snapshot() async throws -> SourceSnapshot {
        SourceSnapshot(
            revision: revision,
            commit: CommitSummary(author: "reconcile-agent", email: "", committedAt: at, subject: "down"),
            files: [])
    }
}

/// A store that starts empty and ends with the process.
actor ForgetfulStore: AcceptedStore {
    private var slice: AcceptedSlice?

    func load() -> AcceptedSlice? { slice }

    func save(_ slice: AcceptedSlice) { self.slice = slice }
}
