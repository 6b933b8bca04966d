/// The life of one supervised process: starting → running → stopping → exited. Pure; times are nanoseconds since boot.
public struct Lifecycle: Equatable, Sendable {
    /// How far it is.
    public private(set) var phase: ProcessPhase = .starting
    /// When the process is to be killed: the deadline of its birth, of its stop, or of an exec. nil: never.
    public private(set) var killAt: UInt64?
    /// A stop that came before the process was born, to be carried out then.
    private var pendingStop: Stop?

    private struct Stop: Equatable, Sendable {
        let signal: UInt32
        var deadline: UInt64
    }

    /// A process just cloned, whose birth must be over by `birthDeadline`.
    public init(birthDeadline: UInt64?) { killAt = birthDeadline }

    /// What the supervisor has to do to the process.
    public enum Effect: Equatable {
        /// Nothing.
        case none
        /// Send this signal to the process.
        case signal(UInt32)
        /// Kill everything in its cgroup.
        case kill
    }

    /// The birth succeeded: the process is what it was to become. It may run until `killAt` (nil: for ever).
    public mutating func born(killAt limit: UInt64?) -> Effect {
        guard phase == .starting else { return .none }
        if let stop = pendingStop {
            phase = .stopping
            killAt = stop.deadline
            pendingStop = nil
            return .signal(stop.signal)
        }
        phase = .running
        killAt = limit
        return .none
    }

    /// A client wants it stopped: `signal` now, kill at `deadline`.
    ///
    /// Repeated, the signal is not sent again (kubelet: a stop request repeated with a timeout does not resend the
    /// first signal) and only an earlier deadline counts.
    public mutating func stop(signal: UInt32, deadline: UInt64, now: UInt64) -> Effect {
        switch phase {
        case .exited: return .none
        case .starting:
            // Until then the birth's own deadline is in force; a grace that ends before it ends the birth.
            pendingStop = Stop(
                signal: pendingStop?.signal ?? signal, deadline: min(pendingStop?.deadline ?? deadline, deadline))
            if let limit = killAt, limit <= deadline { return deadline <= now ? .kill : .none }
            killAt = deadline
            return deadline <= now ? .kill : .none
        case .running:
            phase = .stopping
            killAt = deadline
            return deadline <= now ? .kill : .signal(signal)
        case .stopping:
            shorten(to: deadline)
            return deadline <= now ? .kill : .none
        }
    }

    /// The clock: whether the process's time is up. Asked again it says no, unless a second has passed in vain.
    public mutating func tick(now: UInt64) -> Effect {
        guard phase != .exited, let limit = killAt, limit <= now else { return .none }
        killAt = now + 1_000_000_000
        return .kill
    }

    /// The process is gone.
    public mutating func exited() {
        phase = .exited
        killAt = nil
    }

    private mutating func shorten(to deadline: UInt64) {
        if let limit = killAt, limit <= deadline { return }
        killAt = deadline
    }
}
