import Logging
import Manifests
import PodModel

/// Keeps a node from running out: looks every ten seconds what is left of memory and disks, gives back what nobody needs,
/// and, if that is not enough, has one Pod make way (kubelet: eviction manager). A Pod that keeps more on the disk than
/// it may has to go whatever is left; finding that out takes a walk through files, which holds up nothing else.
///
/// Pods are ended by the loop, whose they are.
public actor Evictor {
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
    /// The Pods that were asked to go and have not ended yet, and when that was.
    private var asked: [PodUID: BootTime] = [:]
    /// Of what nobody's end would give anything back: said once.
    private var helpless: Set<NodePressureKind> = []
    private var nextWalk = BootTime(nanoseconds: 0)
    private var nextDiskSearch = BootTime(nanoseconds: 0)

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
        async let limits: Void = again("the limits of Pods cannot be kept") { try await self.keepLimits() }
        async let shortages: Void = again("the node's shortages cannot be looked at") { try await self.pass() }
        _ = try await (limits, shortages)
    }

    /// Does something every ten seconds, or when it is done if that takes longer.
    private func again(_ complaint: String, _ work: @Sendable () async throws -> Void) async throws {
        var failure = ""
        while true {
            do {
                try await work()
                failure = ""
            } catch is CancellationError { throw CancellationError() } catch {
                // Said once, not every ten seconds.
                if failure != "\(error)" { log.warning("\(complaint)", metadata: ["error": "\(error)"]) }
                failure = "\(error)"
            }
            try await clock.sleep(until: clock.now().boot + Self.period)
        }
    }

    /// Tells what the node is short of before anything is decided for which that matters. That it cannot be found out
    /// keeps nothing from running.
    public func lookFirst() async {
        if thresholds.least.isEmpty { return }
        do { _ = try await look() } catch {
            log.warning("the node's shortages cannot be looked at", metadata: ["error": "\(error)"])
        }
    }

    /// One look, and at most one Pod that makes way.
    func pass() async throws {
        if thresholds.least.isEmpty { return }
        var met = try await look()
        guard let kind = met.first?.signal.condition, try await !isLeaving() else { return }
        if kind == .disk {
            await meter.reclaimDisk()
            met = try await look()
        }
        try await makeWay(for: kind, met.filter { $0.signal.condition == kind })
    }

    /// What the node is short of now; told when it is not what was told before.
    private func look() async throws -> [MetThreshold] {
        let met = thresholds.met(by: try await meter.vitals())
        helpless.formIntersection(met.map(\.signal.condition))
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

    /// Has the Pods go that keep more on the disk than they may, but for critical ones.
    func keepLimits() async throws {
        let now = clock.now().boot
        guard now >= nextWalk else { return }
        let bounded = standing.filter { record in
            !record.accepted.pod.spec.priority.isCritical && record.accepted.pod.spec.hasDiskLimits
                && !isAsked(record.uid)
        }
        if bounded.isEmpty { return }
        let uses = try await meter.diskUse(of: bounded.map(\.uid))
        let end = clock.now().boot
        nextWalk = end + (end - now) * Self.walkShare
        for record in bounded {
            guard let use = uses[record.uid], let message = record.accepted.pod.exceededLimit(use) else { continue }
            evict(record, message)
        }
    }

    /// Whether a Pod was asked to go a moment ago.
    private func isAsked(_ uid: PodUID) -> Bool {
        asked[uid].map { clock.now().boot < $0 + Self.patience } ?? false
    }

    // MARK: Shortages

    /// Whether the Pod that had to make way last still uses something.
    private func isLeaving() async throws -> Bool {
        guard let leaving, clock.now().boot < leaving.until else { return false }
        guard let pod = try await runtime.observe(leaving.pod) else { return false }
        return pod.sandbox != .absent
    }

    /// Has one Pod go whose end helps against what the node is short of, the most urgent first.
    ///
    /// One that was asked already is asked again only when there is no other: its worker may be busy for long.
    private func makeWay(for kind: NodePressureKind, _ shortages: [MetThreshold]) async throws {
        let start = clock.now().boot
        guard let worst = shortages.first, kind != .disk || start >= nextDiskSearch else { return }
        let records = standing
        let candidates = try await measure(records, kind)
        let choices = shortages.flatMap { threshold in
            EvictionRank.ranked(candidates(threshold.signal).filter { $0.isOfUse(for: threshold.signal) })
                .map { (threshold: threshold, candidate: $0) }
        }
        let fresh = choices.first { asked[$0.candidate.record.uid] == nil }
        guard let choice = fresh ?? choices.first else {
            let end = clock.now().boot
            if kind == .disk { nextDiskSearch = end + (end - start) * Self.walkShare }
            return sayHelpless(kind, worst)
        }
        helpless.remove(kind)
        evict(choice.candidate.record, Eviction.message(of: choice.candidate, for: choice.threshold))
    }

    private func sayHelpless(_ kind: NodePressureKind, _ worst: MetThreshold) {
        guard helpless.insert(kind).inserted else { return }
        let complaint =
            switch kind {
            case .memory: "memory is short, and there is no Pod that may be evicted"
            case .disk: "the disk is short, and no Pod's end would help: something else fills it, make room"
            }
        log.warning("\(complaint)", metadata: ["reason": "\(worst.words)"])
    }

    /// The Pods that have something of the node, and may keep it.
    private var standing: [PodRecord] {
        meter.records().filter { $0.deletion == nil && $0.finalPhase == nil && $0.sandbox != nil }
    }

    /// What each of some Pods would give back, by signal.
    private func measure(
        _ records: [PodRecord], _ kind: NodePressureKind
    ) async throws -> (EvictionSignal) -> [EvictionCandidate] {
        switch kind {
        case .memory:
            let use = try await meter.memoryUse()
            return { _ in records.map { EvictionCandidate($0, memory: use[$0.uid] ?? [:]) } }
        case .disk:
            let use = try await meter.diskUse(of: records.map(\.uid))
            return { signal in
                records.map { EvictionCandidate($0, disk: use[$0.uid] ?? PodDiskUse(), for: signal) }
            }
        }
    }

    private func evict(_ record: PodRecord, _ message: String) {
        log.warning(
            "evicting pod",
            metadata: ["pod": "\(record.accepted.name)", "uid": "\(record.uid)", "reason": "\(message)"])
        let now = clock.now().boot
        let present = Set(standing.map(\.uid))
        asked = asked.filter { present.contains($0.key) }
        asked[record.uid] = now
        leaving = (record.uid, now + Self.patience)
        ears.evict(record.uid, Eviction.because(message))
    }
}
