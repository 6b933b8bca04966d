import PodModel

/// The probes of one life of one container: what they say, what is tried next, and when. Pure; time is handed in.
public struct ContainerProbing: Sendable {
    private enum Phase { case living, podEnding, stopped }

    private let startedAt: BootTime
    private let id: ContainerID
    private let probes: ContainerProbes
    private var states = PerProbe<ProbeState>()
    private var dues = PerProbe<BootTime>()
    private var phase = Phase.living
    /// Failures in a row of readiness before it ever succeeded; nil once it did.
    private var earlyFailures: Int? = 0

    /// A container that has just started.
    public init(_ container: ProbedContainer) {
        (startedAt, id, probes) = (container.startedAt, container.id, container.probes)
        for kind in probes.kinds {
            states[kind] = ProbeState(kind)
            dues[kind] = times(of: kind)?.first
        }
    }

    /// A container that ran before the agent did: what its probes said is kept, if it is the same life.
    ///
    /// - Parameter fraction: 0 to 1 for each probe: which part of its period it waits for its first try.
    public init(
        _ container: ProbedContainer, resuming record: ProbeRecord?, now: BootTime, fraction: (ProbeKind) -> Double
    ) {
        self.init(container)
        for kind in probes.kinds {
            if let record, record.id == container.id, let kept = record.states[kind] { states[kind] = kept }
            dues[kind] = times(of: kind)?.firstAfterRestart(now: now, fraction: fraction(kind))
        }
        if states.readiness?.result == .success { earlyFailures = nil }
    }

    /// What the probes say together.
    public var verdict: ProbeVerdict {
        if phase == .stopped { return .notRunning }
        return ProbeVerdict(isStarted: isStarted, isReady: isStarted && isReady, failure: failure)
    }

    /// What the next agent must know.
    public var record: ProbeRecord { ProbeRecord(id: id, states: states) }

    /// When a probe is to be tried next; nil while it is not to be tried, or is being tried.
    public func due(_ kind: ProbeKind) -> BootTime? { isTried(kind) ? dues[kind] : nil }

    /// A try begins: nothing of this kind is due until it is concluded.
    public mutating func begin(_ kind: ProbeKind) { dues[kind] = nil }

    /// Startup is tried until the container has started, the others from then on.
    public func isTried(_ kind: ProbeKind) -> Bool {
        guard phase != .stopped, let state = states[kind], !state.isOnHold else { return false }
        return (kind == .startup) != isStarted
    }

    /// A try ended.
    ///
    /// - Parameter due: when it was to be tried.
    /// - Returns: what people should be told; nil if nothing, or if meanwhile nobody asks any more.
    public mutating func conclude(
        _ outcome: ProbeOutcome, of kind: ProbeKind, due: BootTime, now: BootTime
    ) -> ProbeEvent? {
        guard isTried(kind), let probe = probes[kind], let times = times(of: kind) else { return nil }
        dues[kind] = times.next(after: due, now: now)
        if case .error = outcome { return ProbeEvent(outcome, of: kind) }
        let wasStarted = isStarted
        states[kind]?.count(isSuccess: outcome.isSuccess, of: kind, by: probe)
        if kind == .readiness { lookEarly(outcome, times, now: now) }
        if isStarted && !wasStarted { openGate(now: now) }
        return ProbeEvent(outcome, of: kind)
    }

    /// The Pod is being deleted: liveness and startup are content and silent; readiness goes on, so that those who
    /// send requests see it go.
    public mutating func endPod(now: BootTime) {
        guard phase == .living else { return }
        let wasStarted = isStarted
        phase = .podEnding
        states.startup?.close(as: .success)
        states.liveness?.close(as: .success)
        if !wasStarted { openGate(now: now) }
    }

    /// The container does not run any more: nothing is tried, nothing is well.
    public mutating func stop() {
        phase = .stopped
        for kind in probes.kinds { states[kind]?.close(as: .failure) }
    }

    private var isStarted: Bool { states.startup.map { $0.result == .success } ?? true }

    private var isReady: Bool { states.readiness.map { $0.result == .success } ?? true }

    private var failure: ProbeFailure? {
        guard phase == .living else { return nil }
        let failed = [ProbeKind.liveness, .startup].first { states[$0]?.result == .failure }
        return failed.map { ProbeFailure(kind: $0, gracePeriod: probes[$0]?.gracePeriod) }
    }

    private func times(of kind: ProbeKind) -> ProbeTimes? {
        probes[kind].map { ProbeTimes(kind: kind, probe: $0, startedAt: startedAt) }
    }

    private mutating func lookEarly(_ outcome: ProbeOutcome, _ times: ProbeTimes, now: BootTime) {
        guard !outcome.isSuccess, let failures = earlyFailures else { return earlyFailures = nil }
        earlyFailures = failures + 1
        dues.readiness = times.nextEarly(afterFailures: failures + 1, now: now)
    }

    private mutating func openGate(now: BootTime) {
        for kind in [ProbeKind.liveness, .readiness] where probes[kind] != nil {
            dues[kind] = times(of: kind)?.firstAfterStartup(now: now)
        }
    }
}

extension ProbeOutcome {
    /// Whether the try counts as a success; an error counts as nothing and is not asked.
    fileprivate var isSuccess: Bool {
        switch self {
        case .success, .warning: true
        case .failure, .error: false
        }
    }
}
