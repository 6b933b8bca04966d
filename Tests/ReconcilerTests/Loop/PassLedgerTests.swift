import PodModel
import Testing

@testable import Reconciler

@Suite("What a pass has seen")
struct PassLedgerTests {
    @Test("a change that is held back is told by its own name, not by that of the Pod's first change")
    func held() throws {
        let pod = AcceptedPod.make(.make("a"))
        let create = NodePlan(accepted: .make([pod]), observed: [])
        let observed = ObservedPod(
            record: PodRecord(accepted: pod, bootID: firstBoot), sandbox: .ready, containers: [:])
        let delete = NodePlan(accepted: .make([]), observed: [observed])
        var ledger = PassLedger(begun: moment(0).boot)
        ledger.note(create)
        ledger.note(delete)
        let retry = Retry(ActionFailure(reason: "HistoryUnwritable", message: "full"), after: nil, now: moment(1).boot)

        #expect(ledger.noteHeld(try #require(delete.entries.first), retry))

        #expect(ledger.heldChanges(now: moment(2)).map(\.change) == ["delete"])
    }
}
