import GitSource
import Logging
import Manifests
import PodModel

/// A Git repository as the reconciler's source.
struct FollowedGit: Source {
    private let git: GitSource
    private let log: Logger

    /// The repository that `git` follows.
    init(_ git: GitSource, log: Logger) {
        self.git = git
        self.log = log
    }

    func head() async throws -> RevisionID { RevisionID(try await git.head().commit) }

    /// - Throws: `GitSourceError`.
    func snapshot() async throws -> PodModel.SourceSnapshot {
        let snapshot = try await git.snapshot()
        if let damage = snapshot.repairedDamage {
            log.notice("clone was damaged and made anew", metadata: ["damage": "\(damage)"])
        }
        if !snapshot.submodules.isEmpty {
            log.notice(
                "submodules are not read", metadata: ["paths": "\(snapshot.submodules.joined(separator: ", "))"])
        }
        let commit = snapshot.commit
        return PodModel.SourceSnapshot(
            revision: RevisionID(commit.revision.commit),
            commit: CommitSummary(
                author: commit.authorName, email: commit.authorEmail,
                committedAt: WallTime(nanoseconds: commit.committedAt * 1_000_000_000), subject: commit.subject),
            files: snapshot.files.map { ManifestFile(path: $0.path, contents: $0.contents) },
            unreadable: snapshot.unreadable.map(UnreadableManifest.init))
    }
}

extension UnreadableManifest {
    /// What was found in a commit's tree and not read.
    init(_ entry: UnreadableEntry) {
        self.init(path: entry.path, message: "this \(entry.reason.words)", hint: entry.reason.advice)
    }
}
