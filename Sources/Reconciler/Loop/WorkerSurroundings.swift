import Logging
import PodModel
import Synchronization

/// What all workers share.
struct WorkerSurroundings: Sendable {
    let runtime: any PodRuntime
    let history: any History
    let clock: any NodeClock
    let gate: StartGate
    let log: Logger
    let nodeName: String
    let revision: NewestRevision
    /// Tells the loop where a Pod stands; nil once it is gone.
    let report: @Sendable (PodUID, PodStanding?) -> Void
}

/// The revision that is being carried out, as the history names it.
final class NewestRevision: Sendable {
    private let revision = Mutex<RevisionID?>(nil)

    var newest: RevisionID? { revision.withLock { $0 } }

    func set(_ new: RevisionID) { revision.withLock { $0 = new } }
}
