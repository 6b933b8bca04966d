import PodModel
import Testing

@testable import Probes

@Suite("When probes are tried")
struct TimesTests {
    struct First: Sendable, CustomStringConvertible {
        let kind: ProbeKind
        let delay: Int
        let at: Int
        var description: String { "\(kind), delay \(delay)" }
    }

    @Test(
        "the first try waits for the initial delay; without one, liveness waits one period",
        arguments: [
            First(kind: .liveness, delay: 15, at: 115), First(kind: .readiness, delay: 15, at: 115),
            First(kind: .startup, delay: 15, at: 115), First(kind: .liveness, delay: 0, at: 110),
            First(kind: .readiness, delay: 0, at: 100), First(kind: .startup, delay: 0, at: 101),
        ])
    func firstTry(first: First) {
        var probes = ContainerProbes()
        probes[first.kind] = .make(initialDelay: .seconds(first.delay))
        let container = ProbedContainer(
            pod: PodUID("pod"), name: "web", id: ContainerID("web-1"), startedAt: .seconds(100), probes: probes)

        #expect(ContainerProbing(container).due(first.kind) == .seconds(first.at))
    }

    @Test("the next try is one period after the last was due, or at once if that has passed")
    func nextTry() {
        var probing = ContainerProbing(.make(liveness: .make()))

        _ = probing.conclude(.success, of: .liveness, due: .seconds(10), now: .at(.milliseconds(10_800)))
        #expect(probing.due(.liveness) == .seconds(20))
        _ = probing.conclude(.success, of: .liveness, due: .seconds(20), now: .seconds(45))
        #expect(probing.due(.liveness) == .seconds(45))
    }

    @Test("a container that was never ready is looked at after 1, 2, 4, 8 seconds, then once a period")
    func earlyLooks() {
        var probing = ContainerProbing(.make(readiness: .make()))

        let times = (0..<7).map { _ in probing.tryOnce(.readiness, .failure) }

        #expect(times == [0, 1, 3, 7, 15, 25, 35].map { .seconds($0) })
    }

    @Test("a container that was ready once is tried once a period, however often it fails")
    func noEarlyLooksLater() {
        var probing = ContainerProbing(.make(readiness: .make()))
        probing.tryOnce(.readiness, .success)

        let times = (0..<3).map { _ in probing.tryOnce(.readiness, .failure) }

        #expect(times == [10, 20, 30].map { .seconds($0) })
    }

    @Test("liveness keeps its own ticks while startup holds it back")
    func livenessAfterStartup() {
        var probing = ContainerProbing(
            .make(startup: .make(initialDelay: .seconds(34)), liveness: .make(initialDelay: .seconds(5))))

        probing.tryOnce(.startup, .success)

        #expect(probing.due(.liveness) == .seconds(35))
    }

    @Test("readiness waits for its initial delay although startup succeeded before")
    func readinessDelayAfterStartup() {
        var probing = ContainerProbing(.make(startup: .make(), readiness: .make(initialDelay: .seconds(30))))

        probing.tryOnce(.startup, .success)

        #expect(probing.due(.readiness) == .seconds(30))
    }

    @Test("a try under way is not due a second time")
    func underWay() {
        var probing = ContainerProbing(.make(liveness: .make()))

        probing.begin(.liveness)

        #expect(probing.due(.liveness) == nil)
    }
}
