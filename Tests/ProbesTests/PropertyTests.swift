import PodModel
import Testing

@testable import Probes

/// A generator that gives the same numbers each time.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Whatever happens to a container")
struct PropertyTests {
    @Test("its verdict is what the kubelet's words mean, and no try comes too early", arguments: 0..<200)
    func invariants(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let container = ProbedContainer.random(using: &generator)
        var probing = ContainerProbing(container)
        var reference = Reference(container.probes)
        var now = container.startedAt
        var isEnding = false

        for _ in 0..<200 {
            if !isEnding, Int.random(in: 0..<100, using: &generator) == 0 {
                probing.endPod(now: now)
                isEnding = true
            }
            let dues = ProbeKind.allCases.compactMap { kind in probing.due(kind).map { (kind, $0) } }
            guard let (kind, due) = dues.min(by: { $0.1 < $1.1 }) else { break }
            #expect(due >= container.startedAt + (container.probes[kind]?.initialDelay ?? .zero))
            #expect(!isEnding || kind == .readiness, "only readiness is tried while the Pod ends")
            #expect((kind == .startup) != probing.verdict.isStarted, "startup holds the others back")
            now = max(now, due)
            probing.begin(kind)
            let outcome = ProbeOutcome.random(using: &generator)
            _ = probing.conclude(outcome, of: kind, due: due, now: now)
            reference.note(outcome, of: kind)
            if let next = probing.due(kind) { #expect(next > due) }
            expectSame(probing.verdict, reference, isEnding: isEnding)
            if probing.verdict.failure != nil { break }
        }
    }

    private func expectSame(_ verdict: ProbeVerdict, _ reference: Reference, isEnding: Bool) {
        if verdict.isReady { #expect(verdict.isStarted) }
        if isEnding {
            #expect(verdict.failure == nil)
            return
        }
        #expect(verdict.isStarted == reference.isStarted)
        #expect(verdict.isReady == (reference.isStarted && reference.isReady))
        #expect(verdict.failure?.kind == reference.failed)
    }

    /// The rules said again in the plainest way: the whole history of each probe, looked at from its end.
    private struct Reference {
        let probes: ContainerProbes
        var history = PerProbe<[Bool]>(startup: [], liveness: [], readiness: [])
        var isReady: Bool
        var isStarted: Bool
        var failed: ProbeKind?

        init(_ probes: ContainerProbes) {
            self.probes = probes
            isReady = probes.readiness == nil
            isStarted = probes.startup == nil
        }

        mutating func note(_ outcome: ProbeOutcome, of kind: ProbeKind) {
            if case .error = outcome { return }
            history[kind]?.append(outcome == .success)
            guard let probe = probes[kind], let tries = history[kind] else { return }
            let succeeds =
                tries.count >= probe.successThreshold && tries.suffix(probe.successThreshold).allSatisfy { $0 }
            let fails = tries.count >= probe.failureThreshold && !tries.suffix(probe.failureThreshold).contains(true)
            switch kind {
            case .startup: if succeeds { isStarted = true }
            case .readiness: if succeeds { isReady = true } else if fails { isReady = false }
            case .liveness: break
            }
            if fails, kind != .readiness { failed = kind }
        }
    }
}

extension ProbedContainer {
    static func random(using generator: inout SplitMix) -> ProbedContainer {
        var probes = ContainerProbes()
        for kind in ProbeKind.allCases where Bool.random(using: &generator) {
            probes[kind] = .make(
                initialDelay: .seconds(Int.random(in: 0..<30, using: &generator)),
                period: .seconds(Int.random(in: 1..<20, using: &generator)),
                successes: kind == .readiness ? Int.random(in: 1..<4, using: &generator) : 1,
                failures: Int.random(in: 1..<5, using: &generator))
        }
        return .make(
            startup: probes.startup, liveness: probes.liveness, readiness: probes.readiness,
            startedAt: .seconds(Int.random(in: 0..<1000, using: &generator)))
    }
}

extension ProbeOutcome {
    static func random(using generator: inout SplitMix) -> ProbeOutcome {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: .error
        case 1..<6: .success
        default: .failure
        }
    }
}
