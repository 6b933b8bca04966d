import Manifests

/// Where manifests come from: a Git repository at one ref, or a directory.
public protocol Source: Sendable {
    /// The revision the ref names now: cheap, asked at every poll.
    ///
    /// - Throws: an error whose description says what cannot be reached and what to do.
    func head() async throws -> RevisionID

    /// The files of the revision the ref names now.
    ///
    /// - Throws: an error whose description says what cannot be read and what to do.
    func snapshot() async throws -> SourceSnapshot
}

/// The manifest files of one revision.
public struct SourceSnapshot: Hashable, Sendable {
    /// Which revision.
    public let revision: RevisionID
    /// Who wrote it, and why.
    public let commit: CommitSummary
    /// The files below the followed path, named relative to it, all of them. Their content ids tell which of them are as
    /// they were in another revision.
    public let files: [ManifestFile]
    /// What should have been read and was not; its applications stay as they were.
    public let unreadable: [UnreadableManifest]

    /// Puts a snapshot together.
    public init(
        revision: RevisionID, commit: CommitSummary, files: [ManifestFile], unreadable: [UnreadableManifest] = []
    ) {
        self.revision = revision
        self.commit = commit
        self.files = files
        self.unreadable = unreadable
    }
}
