import Linux
import PodModel

/// Tries the probes of all containers of a node, each when it is due.
///
/// A probe at rest is an entry of a queue: one task sleeps for all of them. A probe being tried is a task, and no more
/// than `limit` are tried at once; the others wait their turn. One container never has more than one try of each kind.
public actor ProbeRunner {
    /// What others must know, in order. One consumer.
    public nonisolated let reports: AsyncStream<ProbeReport>

    /// Probes due within this much of each other are woken for together.
    static let slack = Duration.milliseconds(50)
    /// An error says nothing about the container: it is tried so often at once, then dropped (kubelet).
    static let attempts = 3

    private struct Entry {
        let container: ProbedContainer
        var probing: ContainerProbing
        var verdict: ProbeVerdict
    }

    private struct Try: Sendable {
        let id: ContainerID
        let kind: ProbeKind
        let due: BootTime
    }

    private let prober: any Prober
    private let clock: any ProbeClock
    private let executor: (any TaskExecutor)?
    private let limit: Int
    private let fraction: @Sendable () -> Double
    private let post: AsyncStream<ProbeReport>.Continuation

    private var entries: [ContainerID: Entry] = [:]
    private var queue = DueQueue<BootTime, Try>()
    private var waiting: ArraySlice<Try> = []
    private var running = 0
    private var rest: (task: Task<Void, Never>, until: BootTime)?

    /// Probes nothing before `run`.
    ///
    /// - Parameters:
    ///   - executor: where it sleeps; best where `run` is called, so that nobody else has to be woken.
    ///   - limit: how many tries may be under way at once.
    ///   - fraction: chance, 0 to 1: spreads the first tries of containers that ran before the agent did.
    public init(
        prober: any Prober, clock: any ProbeClock, executor: (any TaskExecutor)? = nil, limit: Int = 256,
        fraction: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        (self.prober, self.clock, self.executor) = (prober, clock, executor)
        (self.limit, self.fraction) = (limit, fraction)
        (reports, post) = AsyncStream.makeStream()
    }

    /// Probes a container that has just started, until `end`. One that is probed already goes on as it is.
    ///
    /// - Returns: what its probes say before the first try.
    @discardableResult
    public func begin(_ container: ProbedContainer) -> ProbeVerdict {
        begin(container, ContainerProbing(container))
    }

    /// Probes a container that ran before the agent did, until `end`.
    ///
    /// - Returns: what its probes say: what they said to the agent before, if it left a record of this life.
    @discardableResult
    public func adopt(_ container: ProbedContainer, _ record: ProbeRecord?) -> ProbeVerdict {
        let probing = ContainerProbing(container, resuming: record, now: clock.now()) { _ in fraction() }
        return begin(container, probing)
    }

    /// The container does not run any more. A try under way counts for nothing.
    public func end(_ id: ContainerID) {
        guard entries[id] != nil else { return }
        entries[id]?.probing.stop()
        reportVerdict(of: id)
        entries[id] = nil
    }

    /// The Pod is being deleted: its liveness and startup probes stop, readiness goes on.
    public func endPod(_ uid: PodUID) {
        for (id, entry) in entries where entry.container.pod == uid {
            entries[id]?.probing.endPod(now: clock.now())
            reportVerdict(of: id)
            // Readiness may have been waiting for the startup probe.
            enqueue(id, .readiness)
        }
    }

    /// What the probes of a container say; nil if it is not probed.
    public func verdict(of id: ContainerID) -> ProbeVerdict? { entries[id]?.verdict }

    /// Tries what is due until the task is cancelled; tries under way are cancelled with it.
    public func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                takeDue()
                while running < limit, let next = waiting.popFirst() {
                    running += 1
                    group.addTask { await self.work(next) }
                }
                await sleep()
            }
            group.cancelAll()
        }
    }

    /// Nothing is under way, nothing is due, and the sleeper sleeps: for tests.
    var isResting: Bool {
        guard running == 0, waiting.isEmpty, let rest, !rest.task.isCancelled else { return false }
        return rest.until > clock.now()
    }

    private func begin(_ container: ProbedContainer, _ probing: ContainerProbing) -> ProbeVerdict {
        if let known = entries[container.id] { return known.verdict }
        entries[container.id] = Entry(container: container, probing: probing, verdict: probing.verdict)
        for kind in container.probes.kinds { enqueue(container.id, kind) }
        return probing.verdict
    }

    /// Puts a probe into the queue; the sleeper wakes if it sleeps too long for it.
    private func enqueue(_ id: ContainerID, _ kind: ProbeKind) {
        guard let due = entries[id]?.probing.due(kind) else { return }
        queue.insert(Try(id: id, kind: kind, due: due), due: due)
        if let rest, due < rest.until { rest.task.cancel() }
    }

    private func takeDue() {
        let now = clock.now()
        while let next = queue.take(now: now) {
            // Queued again for another time meanwhile, begun already, or not tried any more.
            guard entries[next.id]?.probing.due(next.kind) == next.due else { continue }
            entries[next.id]?.probing.begin(next.kind)
            waiting.append(next)
        }
    }

    /// The one task that sleeps for all probes. Not a child of `run`: it must end when something earlier turns up.
    private func sleep() async {
        let now = clock.now()
        let until = max((queue.earliest?.due).map(Self.wakeUp) ?? now + .seconds(3_600), now)
        let task = Task<Void, Never>(executorPreference: executor) { [clock] in
            // Cut short when something earlier turns up; whoever waits looks again in either case.
            try? await clock.sleep(until: until)
        }
        rest = (task, until)
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        rest = nil
    }

    /// The end of the slack that a time falls into.
    private static func wakeUp(for due: BootTime) -> BootTime {
        let slack = slack.nanoseconds
        let over = due.nanoseconds % slack
        return over == 0 ? due : due + .nanoseconds(slack - over)
    }

    /// Carries out one try, then those that wait, until none is left.
    private func work(_ first: Try) async {
        var next: Try? = first
        while let current = next, !Task.isCancelled {
            await carryOut(current)
            next = waiting.popFirst()
        }
        running -= 1
    }

    private func carryOut(_ current: Try) async {
        guard let entry = entries[current.id], entry.probing.isTried(current.kind),
            let probe = entry.container.probes[current.kind]
        else { return }
        var outcome = ProbeOutcome.success
        for _ in 0..<Self.attempts {
            outcome = await prober.probe(probe.handler, of: entry.container, timeout: probe.timeout)
            guard case .error = outcome, !Task.isCancelled else { break }
        }
        if Task.isCancelled { return }
        conclude(current, outcome)
    }

    private func conclude(_ current: Try, _ outcome: ProbeOutcome) {
        guard let entry = entries[current.id] else { return }
        let event = entries[current.id]?.probing.conclude(
            outcome, of: current.kind, due: current.due, now: clock.now())
        if let event { report(.event(event), of: entry.container) }
        let wasStarted = entry.verdict.isStarted
        reportVerdict(of: current.id)
        enqueue(current.id, current.kind)
        // The others waited for the startup probe.
        if !wasStarted { for kind in [ProbeKind.liveness, .readiness] { enqueue(current.id, kind) } }
    }

    private func reportVerdict(of id: ContainerID) {
        guard let entry = entries[id], entry.probing.verdict != entry.verdict else { return }
        entries[id]?.verdict = entry.probing.verdict
        report(.verdict(entry.probing.verdict, entry.probing.record), of: entry.container)
    }

    private func report(_ content: ProbeReport.Content, of container: ProbedContainer) {
        post.yield(ProbeReport(pod: container.pod, container: container.name, id: container.id, content: content))
    }
}
