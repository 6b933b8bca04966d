import Foundation
import PodModel
import Testing

@testable import Probes

@Suite("Probes outlive the agent")
struct RestartOfAgentTests {
    @Test("a ready container stays ready, and is tried a fraction of one period later")
    func readyStaysReady() throws {
        let container = ProbedContainer.make(startup: .make(), liveness: .make(), readiness: .make())
        var before = ContainerProbing(container)
        before.tryOnce(.startup, .success)
        before.tryOnce(.readiness, .success)

        let record = try coded(before.record)
        let after = ContainerProbing(container, resuming: record, now: .seconds(1000)) { _ in 0.25 }

        #expect(after.verdict == ProbeVerdict(isStarted: true, isReady: true, failure: nil))
        #expect(after.due(.readiness) == .at(.milliseconds(1_002_500)))
        #expect(after.due(.liveness) == .at(.milliseconds(1_002_500)))
        #expect(after.due(.startup) == nil)
    }

    @Test("failures in a row are counted on across the restart")
    func countsGoOn() throws {
        let container = ProbedContainer.make(liveness: .make(failures: 3))
        var before = ContainerProbing(container)
        before.tryOnce(.liveness, .failure)
        before.tryOnce(.liveness, .failure)

        var after = ContainerProbing(container, resuming: try coded(before.record), now: .seconds(60)) { _ in 0 }
        after.tryOnce(.liveness, .failure)

        #expect(after.verdict.failure?.kind == .liveness)
    }

    @Test("a stop that was asked for is asked for again")
    func failureStays() throws {
        let container = ProbedContainer.make(liveness: .make(failures: 1))
        var before = ContainerProbing(container)
        before.tryOnce(.liveness, .failure)

        let after = ContainerProbing(container, resuming: try coded(before.record), now: .seconds(60)) { _ in 0 }

        #expect(after.verdict.failure?.kind == .liveness)
        #expect(after.due(.liveness) == nil)
    }

    @Test("what was said about another life of the container says nothing about this one")
    func otherLife() throws {
        var before = ContainerProbing(.make("web-1", readiness: .make()))
        before.tryOnce(.readiness, .success)

        let next = ProbedContainer.make("web-2", readiness: .make())
        let after = ContainerProbing(next, resuming: try coded(before.record), now: .seconds(60)) { _ in 0 }

        #expect(!after.verdict.isReady)
    }

    @Test("a container is not tried before its initial delay, although the agent restarted")
    func initialDelayHolds() {
        let container = ProbedContainer.make(liveness: .make(initialDelay: .seconds(600)))

        let after = ContainerProbing(container, resuming: nil, now: .seconds(60)) { _ in 0.5 }

        #expect(after.due(.liveness) == .seconds(600))
    }

    @Test("a record is read as it was written by the first release")
    func recordFormat() throws {
        let text = """
            {"id":"web-1","states":{"readiness":{"result":"success","isOnHold":false,"last":"success","run":3}}}
            """

        let record = try JSONDecoder().decode(ProbeRecord.self, from: Data(text.utf8))

        var written = ContainerProbing(.make("web-1", readiness: .make()))
        written.tryOnce(.readiness, .success)
        #expect(record == written.record)
    }

    private func coded(_ record: ProbeRecord) throws -> ProbeRecord {
        try JSONDecoder().decode(ProbeRecord.self, from: JSONEncoder().encode(record))
    }
}
