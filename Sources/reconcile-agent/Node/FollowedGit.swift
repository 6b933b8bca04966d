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
        let commit = snapshot.commit
        return PodModel.SourceSnapshot(
            revision: RevisionID(commit.revision.commit),
            commit: CommitSummary(
                author: commit.authorName, email: commit.authorEmail,
                committedAt: WallTime(nanoseconds: commit.committedAt * 1_000_000_000), subject: commit.subject),
            files: snapshot.files,
            unreadable: snapshot.unreadable.map(UnreadableManifest.init)
                + snapshot.submodules.map(UnreadableManifest.init(submodule:)))
    }
}

extension UnreadableManifest {
    /// What was found in a commit's tree and not read.
    init(_ entry: UnreadableEntry) {
        self.init(path: entry.path, message: "this \(entry.reason.words)", hint: entry.reason.advice)
    }

    /// A directory whose files are in another repository. Most have nothing to do with manifests; one that takes the place
    /// of an application's directory has.
    init(submodule path: String) {
        self.init(
            path: path, message: "this is a submodule, and what it holds is not read",
            hint: "commit its files to this repository, or remove it to end the Pods they define", isIncidental: true)
    }
}
