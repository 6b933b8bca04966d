import Logging
import Manifests
import PodModel

/// Keeps a node from running out: looks every ten seconds what is left of memory and disks, gives back what nobody needs,
/// and, if that is not enough, has one Pod make way (kubelet: eviction manager). A Pod that keeps more on the disk than
/// it may has to go whatever is left.
///
/// Pods are ended by the loop, whose they are.
public actor Evictor {
    /// What the loop is told.
    public struct Ears: Sendable {
        /// A Pod has to go.
        let evict: @Sendable (PodUID, WaitingReason) -> Void
        /// What the node is short of has changed.
        let tell: @Sendable ([NodePressure]) -> Void

        /// Takes both; the loop has them.
        public init(
            evict: @escaping @Sendable (PodUID, WaitingReason) -> Void,
            tell: @escaping @Sendable ([NodePressure]) -> Void
        ) {
            self.evict = evict
            self.tell = tell
        }
    }

    /// Between two looks (kubelet: `evictionMonitoringPeriod`).
    static let period = Duration.seconds(10)
    /// How long the end of a Pod that makes way is waited for before the next one has to (kubelet: `podCleanupTimeout`).
    private static let patience = Duration.seconds(30)
    /// Walking through the files of Pods may take this part of the time.
    private static let walkShare = 50

    private let meter: any NodeMeter
    private let runtime: any PodRuntime
    private let thresholds: EvictionThresholds
    private let ears: Ears
    private let clock: any NodeClock
    private let log: Logger
    private var memory = PressureMemory()
    private var told: [NodePressure] = []
    private var leaving: (pod: PodUID, until: BootTime)?
    private var nextWalk = BootTime(nanoseconds: 0)
    private var failure = ""

    /// - Parameter thresholds: without any, only limits of Pods are kept.
    public init(
        _ meter: any NodeMeter, _ runtime: any PodRuntime, _ thresholds: EvictionThresholds, telling ears: Ears,
        clock: any NodeClock, log: Logger
    ) {
        self.meter = meter
        self.runtime = runtime
        self.thresholds = thresholds
        self.ears = ears
        self.clock = clock
        self.log = log
    }

    /// Looks again and again, until the task is cancelled.
    public func run() async throws {
        while true {
            do {
                try await pass()
                failure = ""
            } catch is CancellationError { throw CancellationError() } catch {
                // Said once, not every ten seconds.
                if failure != "\(error)" {
                    log.warning("the node's shortages cannot be looked at", metadata: ["error": "\(error)"])
                }
                failure = "\(error)"
            }
            try await clock.sleep(until: clock.now().boot + Self.period)
        }
    }

    /// One look, and at most one Pod that makes way.
    func pass() async throws {
        if try await keepLimits() { return }
        if thresholds.least.isEmpty { return }
        var met = try await look()
        guard var worst = met.first else { return }
        if try await isLeaving() { return }
        if worst.signal.condition == .disk {
            await meter.reclaimDisk()
            met = try await look()
            guard let left = met.first(where: { $0.signal.condition == .disk }) else { return }
            worst = left
        }
        try await makeWay(for: worst)
    }

    /// What the node is short of now; told when it is not what was told before.
    private func look() async throws -> [MetThreshold] {
        let met = thresholds.met(by: try await meter.vitals())
        memory.note(met, now: clock.now())
        let pressures = memory.pressures
        if pressures.map(\.kind) != told.map(\.kind) {
            for pressure in pressures where !told.contains(where: { $0.kind == pressure.kind }) {
                log.warning("\(pressure.kind.rawValue)", metadata: ["reason": "\(pressure.words)"])
            }
            for pressure in told where !pressures.contains(where: { $0.kind == pressure.kind }) {
                log.info("\(pressure.kind.rawValue) is over")
            }
        }
        if pressures != told { ears.tell(pressures) }
        told = pressures
        return met
    }

    // MARK: Limits of Pods

    /// Has the Pods go that keep more on the disk than they may.
    ///
    /// - Returns: whether there were any.
    private func keepLimits() async throws -> Bool {
        let now = clock.now().boot
        guard now >= nextWalk else { return false }
        let bounded = meter.records().filter { record in
            record.deletion == nil && record.finalPhase == nil && record.sandbox != nil
                && record.accepted.pod.hasDiskLimits
        }
        if bounded.isEmpty { return false }
        let uses = try await meter.diskUse(of: bounded.map(\.uid))
        let end = clock.now().boot
        nextWalk = end + (end - now) * Self.walkShare
        var isAny = false
        for record in bounded {
            guard let use = uses[record.uid], let message = record.accepted.pod.exceededLimit(use) else { continue }
            isAny = true
            evict(record, message)
        }
        return isAny
    }

    // MARK: Shortages

    /// Whether the Pod that had to make way last still uses something.
    private func isLeaving() async throws -> Bool {
        guard let leaving, clock.now().boot < leaving.until else { return false }
        guard let pod = try await runtime.observe(leaving.pod) else { return false }
        return pod.sandbox != .absent
    }

    private func makeWay(for threshold: MetThreshold) async throws {
        guard let first = EvictionRank.ranked(try await candidates(for: threshold.signal)).first else {
            log.warning(
                "nothing can be evicted", metadata: ["reason": "\(threshold.words)"])
            return
        }
        evict(first.record, Eviction.message(of: first, for: threshold))
        leaving = (first.record.uid, clock.now().boot + Self.patience)
    }

    private func candidates(for signal: EvictionSignal) async throws -> [EvictionCandidate] {
        let records = meter.records().filter { $0.deletion == nil && $0.finalPhase == nil && $0.sandbox != nil }
        if signal.condition == .memory {
            let use = try await meter.memoryUse()
            return records.map { record in
                EvictionCandidate(
                    record: record, usage: use[record.uid] ?? [:],
                    request: record.accepted.pod.spec.requested { $0.memory?.count })
            }
        }
        let use = try await meter.diskUse(of: records.map(\.uid))
        let isInodes = signal.resource == "inodes"
        return records.map { record in
            let used = use[record.uid] ?? PodDiskUse()
            return EvictionCandidate(
                record: record, usage: used.containers.mapValues { isInodes ? $0.inodes : $0.bytes },
                volumes: used.volumes.values.reduce(0) { $0 + (isInodes ? $1.inodes : $1.bytes) },
                request: isInodes ? nil : record.accepted.pod.spec.requested { $0.ephemeralStorage?.count })
        }
    }

    private func evict(_ record: PodRecord, _ message: String) {
        log.warning(
            "evicting pod",
            metadata: ["pod": "\(record.accepted.name)", "uid": "\(record.uid)", "reason": "\(message)"])
        ears.evict(record.uid, Eviction.because(message))
    }
}

extension ReconcileLoop {
    /// What keeps a node from running out tells this loop.
    public nonisolated var ears: Evictor.Ears {
        Evictor.Ears(evict: { self.evict($0, $1) }, tell: { self.tell($0) })
    }
}
