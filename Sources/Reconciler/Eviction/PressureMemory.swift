import PodModel

/// What a node is short of, held for a while after it is not any more, so that it does not flutter (kubelet:
/// `--eviction-pressure-transition-period`).
struct PressureMemory {
    /// How long a shortage that is over is still told.
    static let hold = Duration.seconds(300)

    private struct Held {
        var pressure: NodePressure
        var last: BootTime
    }

    private var held: [NodePressureKind: Held] = [:]

    /// Takes in which thresholds are met now, the most urgent first.
    mutating func note(_ met: [MetThreshold], now: Moment) {
        for threshold in met.reversed() {
            let kind = threshold.signal.condition
            let since = held[kind]?.pressure.since ?? now.wall
            held[kind] = Held(
                pressure: NodePressure(kind: kind, signal: threshold.signal, words: threshold.words, since: since),
                last: now.boot)
        }
        held = held.filter { now.boot - $0.value.last < Self.hold }
    }

    /// What the node is said to be short of, in the order of the conditions.
    var pressures: [NodePressure] { NodePressureKind.allCases.compactMap { held[$0]?.pressure } }
}
