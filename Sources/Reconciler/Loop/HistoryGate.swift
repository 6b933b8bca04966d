import PodModel

/// Lets Pods be ended for a revision only once the history has taken the revision in: what cannot be undone must have been
/// written down. Healing needs no history.
struct HistoryGate {
    private enum State {
        case idle
        case asking(RevisionID, after: Retry?)
        case open(RevisionID)
        case closed(RevisionID, Retry)
    }

    /// What may be done about the Pods that are to end.
    enum Answer {
        /// They may end.
        case open
        /// Not known yet: the history is to be flushed, and the outcome told to `learn`.
        case ask
        /// Not known yet, and asked already.
        case asked
        /// Not now.
        case closed(Retry)
    }

    private var state = State.idle

    /// Whether a flush is under way.
    var isAsking: Bool { if case .asking = state { true } else { false } }

    /// Asks for a revision.
    ///
    /// - Parameter trouble: why the history cannot be written now, by its last word.
    mutating func answer(for revision: RevisionID, trouble: String?, now: BootTime) -> Answer {
        var before: Retry?
        switch state {
        case .open(revision) where trouble == nil: return .open
        case .asking(revision, _): return .asked
        case .closed(revision, let retry) where retry.due > now: return .closed(retry)
        case .closed(_, let retry): before = retry
        case .idle, .open, .asking: break
        }
        state = .asking(revision, after: before)
        return .ask
    }

    /// Takes in what came of a flush.
    mutating func learn(_ revision: RevisionID, trouble: String?, now: BootTime) {
        guard case .asking(revision, let before) = state else { return }
        guard let trouble else {
            state = .open(revision)
            return
        }
        let failure = ActionFailure(
            reason: "HistoryUnwritable",
            message: "nothing is ended for a new revision while the history cannot be written: \(trouble)")
        state = .closed(revision, Retry(failure, after: before, now: now))
    }
}
