import Foundation
import PodModel
import Testing

@Suite("What probes say is kept with the container") struct ProbeStandingTests {
    private func record(_ id: String) -> ProbeRecord { ProbeRecord(id: ContainerID(id), states: PerProbe()) }
    private func verdict(isReady: Bool) -> ProbeVerdict {
        ProbeVerdict(isStarted: true, isReady: isReady, failure: nil)
    }
    private func at(_ seconds: Int64) -> WallTime { WallTime(nanoseconds: seconds * 1_000_000_000) }

    @Test("the time is that of the last change of readiness")
    func time() {
        var container = ContainerRecord(id: ContainerID("c1"), startedAt: at(1))

        container.note(verdict(isReady: false), record("c1"), at: at(2))
        #expect(container.probes?.readinessSince == at(1))
        container.note(verdict(isReady: true), record("c1"), at: at(3))
        container.note(verdict(isReady: true), record("c1"), at: at(4))
        #expect(container.probes?.readinessSince == at(3))
        container.note(verdict(isReady: false), record("c1"), at: at(5))
        #expect(container.probes?.readinessSince == at(5))
    }

    @Test("nothing is noted of another life, or of one that ended")
    func otherLife() {
        var container = ContainerRecord(id: ContainerID("c2"), startedAt: at(1))
        container.note(verdict(isReady: true), record("c1"), at: at(2))
        #expect(container.probes == nil)
    }

    @Test("a record of a release without probes is read")
    func oldRecord() throws {
        let old = Data(#"{"attempt":2,"id":"c1"}"#.utf8)
        #expect(try JSONDecoder().decode(ContainerRecord.self, from: old).probes == nil)
    }
}
