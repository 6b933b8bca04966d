import Foundation
import PodModel

/// A source in which nothing is to run: `down` reconciles with it.
struct EmptySource: Source {
    /// When `down` was asked for.
    let at: WallTime

    func head() async throws -> RevisionID { .down }

    func snapshot() async throws -> SourceSnapshot {
        SourceSnapshot(
            revision: .down,
            commit: CommitSummary(author: Self.user, email: "", committedAt: at, subject: "End every Pod"),
            files: [])
    }
}

extension EmptySource {
    /// Who asked: the user that became root for it, or is root.
    private static var user: String {
        ProcessInfo.processInfo.environment["SUDO_USER"] ?? ProcessInfo.processInfo.userName
    }
}

extension RevisionID {
    /// What `down` reconciles with: no commit, and never to be taken for one.
    static let down = RevisionID("down")
}

/// A store that starts empty and ends with the process.
actor ForgetfulStore: AcceptedStore {
    private var slice = AcceptedSlice(
        revision: RevisionID("none"),
        commit: CommitSummary(author: "", email: "", committedAt: .epoch, subject: ""), acceptedAt: .epoch, pods: [],
        applications: [])

    func load() -> StoredSlice { .slice(slice) }

    func save(_ slice: AcceptedSlice) { self.slice = slice }
}
