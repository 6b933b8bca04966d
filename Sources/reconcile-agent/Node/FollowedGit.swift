import GitSource
import Manifests
import PodModel

/// A Git repository as the reconciler's source.
struct FollowedGit: Source {
    private let git: GitSource

    /// The repository that `git` follows.
    init(_ git: GitSource) { self.git = git }

    func head() async throws -> RevisionID { RevisionID(try await git.head().commit) }

    /// - Throws: `GitSourceError`, or `UnreadableManifests` when a manifest is there but is not read: to treat it as
    ///   absent would delete the Pods it declares.
    func snapshot() async throws -> PodModel.SourceSnapshot {
        let snapshot = try await git.snapshot()
        if !snapshot.unreadable.isEmpty {
            throw UnreadableManifests(entries: snapshot.unreadable.map(\.description))
        }
        let commit = snapshot.commit
        return PodModel.SourceSnapshot(
            revision: RevisionID(commit.revision.commit),
            commit: CommitSummary(
                author: commit.authorName, email: commit.authorEmail,
                committedAt: WallTime(nanoseconds: commit.committedAt * 1_000_000_000), subject: commit.subject),
            files: snapshot.files.map { ManifestFile(path: $0.path, contents: $0.contents) })
    }
}

/// Manifests that are in the repository and cannot be read.
struct UnreadableManifests: Error, CustomStringConvertible {
    /// One sentence each.
    let entries: [String]

    var description: String { entries.joined(separator: "; ") }
}
