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
        ledger.note(create, now: moment(0).boot)
        ledger.note(delete, now: moment(0).boot)
        let retry = Retry(ActionFailure(reason: "HistoryUnwritable", message: "full"), after: nil, now: moment(1).boot)

        #expect(ledger.noteHeld(try #require(delete.entries.first), retry))

        #expect(ledger.heldChanges(now: moment(2)).map(\.change) == ["delete"])
    }

    @Test("a change takes from its plan until it is carried out; what did not change took no time")
    func durations() throws {
        let (changed, kept) = (AcceptedPod.make(.make("a")), AcceptedPod.make(.make("b"), uid: "u2"))
        let observed = [changed, kept].map {
            ObservedPod(record: PodRecord(accepted: $0, bootID: firstBoot), sandbox: .ready, containers: [:])
        }
        var ledger = PassLedger(begun: moment(0).boot)
        ledger.note(NodePlan(accepted: .make([kept]), observed: observed), now: moment(1).boot)
        func took(_ uid: PodUID) -> Duration? {
            ledger.summary(slice: nil, diagnostics: [], now: moment(9).boot).pods.first { $0.uid == uid }?.took
        }
        #expect(took(changed.uid) == nil)

        ledger.noteGone(changed.uid, now: moment(4).boot)

        #expect(took(changed.uid) == .seconds(3))
        #expect(took(kept.uid) == nil)
    }
}
