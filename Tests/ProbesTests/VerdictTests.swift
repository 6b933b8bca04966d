import PodModel
import Testing

@testable import Probes

@Suite("What probes say about a container")
struct VerdictTests {
    @Test("before the first try: started without a startup probe, alive, not ready with a readiness probe")
    func initialResults() {
        let plain = ContainerProbing(.make()).verdict
        let all = ContainerProbing(.make(startup: .make(), liveness: .make(), readiness: .make())).verdict
        let readiness = ContainerProbing(.make(readiness: .make())).verdict

        #expect(plain == ProbeVerdict(isStarted: true, isReady: true, failure: nil))
        #expect(all == ProbeVerdict(isStarted: false, isReady: false, failure: nil))
        #expect(readiness == ProbeVerdict(isStarted: true, isReady: false, failure: nil))
    }

    struct Run: Sendable, CustomStringConvertible {
        let description: String
        let outcomes: [ProbeOutcome]
        let isReady: [Bool]
    }

    @Test(
        "readiness follows outcomes in a row: two successes to become ready, three failures to stop being it",
        arguments: [
            Run(description: "one success is not enough", outcomes: [.success], isReady: [false]),
            Run(description: "two are", outcomes: [.success, .success], isReady: [false, true]),
            Run(
                description: "a failure between them starts the count again",
                outcomes: [.success, .failure, .success, .success], isReady: [false, false, false, true]),
            Run(
                description: "three failures end it", outcomes: [.success, .success, .failure, .failure, .failure],
                isReady: [false, true, true, true, false]),
            Run(
                description: "a success between failures keeps it",
                outcomes: [.success, .success, .failure, .failure, .success, .failure, .failure],
                isReady: [false, true, true, true, true, true, true]),
            Run(
                description: "an error counts as nothing and does not break a row",
                outcomes: [.success, .error, .success, .failure, .error, .failure, .error, .failure],
                isReady: [false, false, true, true, true, true, true, false]),
            Run(
                description: "a warning is a success", outcomes: [.warning("moved"), .warning("moved")],
                isReady: [false, true]),
        ])
    func thresholds(run: Run) {
        var probing = ContainerProbing(.make(readiness: .make(successes: 2, failures: 3)))

        let seen = run.outcomes.map { outcome in
            probing.tryOnce(.readiness, outcome)
            return probing.verdict.isReady
        }

        #expect(seen == run.isReady)
    }

    @Test("a liveness failure asks for a stop with the probe's own grace, and nothing is tried until a new life")
    func livenessFailure() {
        var probing = ContainerProbing(.make(liveness: .make(failures: 2, gracePeriod: .seconds(5))))

        probing.tryOnce(.liveness, .failure)
        #expect(probing.verdict.failure == nil)
        probing.tryOnce(.liveness, .failure)

        #expect(probing.verdict.failure == ProbeFailure(kind: .liveness, gracePeriod: .seconds(5)))
        #expect(probing.verdict.failure?.message(container: "web") == "Container web failed liveness probe")
        #expect(probing.due(.liveness) == nil)
        #expect(ContainerProbing(.make("web-2", liveness: .make())).due(.liveness) != nil)
    }

    @Test("a startup probe holds the others back until it succeeds, and is then silent")
    func startupGate() {
        var probing = ContainerProbing(.make(startup: .make(failures: 60), liveness: .make(), readiness: .make()))

        #expect(probing.due(.liveness) == nil && probing.due(.readiness) == nil)
        for _ in 0..<5 { probing.tryOnce(.startup, .failure) }
        #expect(probing.verdict == ProbeVerdict(isStarted: false, isReady: false, failure: nil))
        let opened = probing.tryOnce(.startup, .success)

        #expect(probing.verdict == ProbeVerdict(isStarted: true, isReady: false, failure: nil))
        #expect(probing.due(.startup) == nil)
        #expect(probing.due(.readiness) == opened, "readiness is tried right after startup succeeded")
        #expect(probing.due(.liveness) != nil)
    }

    @Test("a startup failure asks for a stop, although liveness would be content")
    func startupFailure() {
        var probing = ContainerProbing(.make(startup: .make(failures: 1), liveness: .make()))

        probing.tryOnce(.startup, .failure)

        #expect(probing.verdict.failure?.kind == .startup)
        #expect(!probing.verdict.isStarted)
        #expect(probing.due(.startup) == nil && probing.due(.liveness) == nil)
    }

    @Test("while the Pod is being deleted only readiness is tried, and nothing asks for a stop")
    func deletion() {
        var probing = ContainerProbing(.make(liveness: .make(failures: 1), readiness: .make(failures: 1)))
        probing.tryOnce(.readiness, .success)
        probing.tryOnce(.liveness, .failure)

        probing.endPod(now: .seconds(100))

        #expect(probing.verdict == ProbeVerdict(isStarted: true, isReady: true, failure: nil))
        #expect(probing.due(.liveness) == nil)
        probing.tryOnce(.readiness, .failure)
        #expect(!probing.verdict.isReady)
    }

    @Test("a Pod that is deleted before it started is probed for readiness all the same")
    func deletionBeforeStart() {
        var probing = ContainerProbing(.make(startup: .make(), readiness: .make()))

        probing.endPod(now: .seconds(7))

        #expect(probing.due(.startup) == nil)
        #expect(probing.due(.readiness) == .seconds(7))
    }

    @Test("a container that does not run is not started, not ready, not tried, and needs no stop")
    func stopped() {
        var probing = ContainerProbing(.make(liveness: .make(), readiness: .make()))
        probing.tryOnce(.readiness, .success)

        probing.stop()

        #expect(probing.verdict == .notRunning)
        #expect(ProbeKind.allCases.allSatisfy { probing.due($0) == nil })
    }

    @Test("a try that ends after its container did counts for nothing and tells nobody")
    func lateOutcome() {
        var probing = ContainerProbing(.make(liveness: .make(failures: 1)))
        probing.begin(.liveness)
        probing.stop()

        let event = probing.conclude(.failure, of: .liveness, due: .seconds(10), now: .seconds(11))

        #expect(event == nil)
        #expect(probing.verdict == .notRunning)
    }

    @Test(
        "events say what the kubelet's say",
        arguments: [
            (ProbeKind.liveness, ProbeOutcome.failure("not well"), "Unhealthy", "Liveness probe failed: not well"),
            (.readiness, .warning("moved"), "ProbeWarning", "Readiness probe warning: moved"),
            (
                .startup, .error("not reached"), "Unhealthy",
                "Startup probe errored and resulted in unknown state: not reached"
            ),
        ])
    func events(kind: ProbeKind, outcome: ProbeOutcome, reason: String, message: String) {
        let event = ProbeEvent(outcome, of: kind)

        #expect(event?.reason == reason)
        #expect(event?.message == message)
        #expect(ProbeEvent(.success, of: kind) == nil)
    }
}
