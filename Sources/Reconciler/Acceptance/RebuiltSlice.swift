import PodModel

extension AcceptedSlice {
    /// What was accepted, as the records of the Pods tell it: in place of a slice that was lost.
    ///
    /// Every Pod goes on, and nothing is new; what is to start or to end is decided by the next revision that is read.
    /// Nil if there is no record of a Pod that should go on.
    init?(rebuiltFrom records: [PodRecord], now: WallTime) {
        let standing = records.filter { $0.deletion == nil }.map(\.accepted)
        let newest = Dictionary(standing.map { ($0.name, $0) }) { $0.createdAt < $1.createdAt ? $1 : $0 }.values
        if newest.isEmpty { return nil }
        let applications = Set(newest.map(\.application)).map {
            AcceptedApplication(name: $0, revision: nil, diagnostics: [])
        }
        self.init(
            revision: .records,
            commit: CommitSummary(
                author: "reconcile-agent", email: "", committedAt: now,
                subject: "Rebuild what was accepted from the records of Pods"),
            acceptedAt: now, pods: Array(newest), applications: applications, unread: nil)
    }
}

extension RevisionID {
    /// What a slice stands at that was rebuilt from the records of Pods: no commit, and never to be taken for one.
    public static let records = RevisionID("records")
}
