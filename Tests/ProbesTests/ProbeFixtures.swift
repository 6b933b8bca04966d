import PodModel

@testable import Probes

extension ProbedContainer {
    static func make(
        _ id: String = "web-1", pod: String = "pod", startup: Probe? = nil, liveness: Probe? = nil,
        readiness: Probe? = nil, startedAt: Duration = .zero
    ) -> ProbedContainer {
        ProbedContainer(
            pod: PodUID(pod), name: "web", id: ContainerID(id), startedAt: .at(startedAt),
            probes: ContainerProbes(startup: startup, liveness: liveness, readiness: readiness))
    }
}

extension Probe {
    static func make(
        initialDelay: Duration = .zero, period: Duration = .seconds(10), successes: Int = 1, failures: Int = 3,
        gracePeriod: Duration? = nil
    ) -> Probe {
        Probe(
            .exec(["/healthy"]), initialDelay: initialDelay, period: period, successThreshold: successes,
            failureThreshold: failures, gracePeriod: gracePeriod)
    }
}

extension BootTime {
    static func at(_ time: Duration) -> BootTime { BootTime(nanoseconds: time.nanoseconds) }

    static func seconds(_ seconds: Int) -> BootTime { .at(.seconds(seconds)) }
}

extension ContainerProbing {
    /// Tries a probe when it is due, as the runner does.
    ///
    /// - Returns: when that was; nil if it is not to be tried.
    @discardableResult
    mutating func tryOnce(_ kind: ProbeKind, _ outcome: ProbeOutcome) -> BootTime? {
        guard let due = due(kind) else { return nil }
        begin(kind)
        _ = conclude(outcome, of: kind, due: due, now: due)
        return due
    }
}

extension ProbeOutcome {
    static let failure = ProbeOutcome.failure("not well")
    static let error = ProbeOutcome.error("not reached")
}
