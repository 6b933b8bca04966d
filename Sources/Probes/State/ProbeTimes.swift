import PodModel

/// When a probe is tried.
///
/// The kubelet's ticker starts with the Pod, so that a container's first tick falls anywhere within the first period.
/// Here the tick counts from the container's start, and of what the kubelet may do the kindest is done.
struct ProbeTimes {
    let kind: ProbeKind
    let probe: Probe
    let startedAt: BootTime

    /// The first try: after the initial delay.
    ///
    /// Where none is written, readiness is tried at once, startup soon, and liveness after one period: a slow start
    /// must not count as a failure where a single one restarts the container.
    var first: BootTime {
        if probe.initialDelay > .zero { return startedAt + probe.initialDelay }
        return switch kind {
        case .readiness: startedAt
        case .startup: startedAt + min(.seconds(1), probe.period)
        case .liveness: startedAt + probe.period
        }
    }

    /// The first try of a container that ran before the agent did: a fraction of one period from now, so that the
    /// probes of a whole node do not start together.
    func firstAfterRestart(now: BootTime, fraction: Double) -> BootTime {
        max(first, now + .nanoseconds(Int64(Double(probe.period.nanoseconds) * min(max(fraction, 0), 1))))
    }

    /// The first try after the container has started: readiness at once (kubelet: a manual trigger), liveness at its
    /// next tick.
    func firstAfterStartup(now: BootTime) -> BootTime {
        if kind == .readiness || now < first { return max(first, now) }
        let period = max(probe.period.nanoseconds, 1)
        let ticks = (now - first).nanoseconds / period + 1
        return first + .nanoseconds(ticks * period)
    }

    /// The try after one that was due at `due` and ended now. Ticks that passed meanwhile are one.
    func next(after due: BootTime, now: BootTime) -> BootTime { max(due + probe.period, now) }

    /// The try after `failures` in a row of a container that was not ready yet in its life: after one second, two,
    /// four, until it is the period. The kubelet, too, looks at a container that is not ready more often.
    func nextEarly(afterFailures failures: Int, now: BootTime) -> BootTime {
        now + min(probe.period, .seconds(1 << min(max(failures, 1) - 1, 20)))
    }
}
