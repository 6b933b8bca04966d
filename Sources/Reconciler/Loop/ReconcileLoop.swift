import Logging
import PodModel

/// Makes a node run what its repository says, and keeps it so.
///
/// One signal at a time, "the slice changed", "something happened to a Pod", "it is time", becomes a plan; one worker
/// per Pod carries it out. When the source cannot be reached, the slice accepted last is kept up.
public actor ReconcileLoop {
    private let runtime: any PodRuntime
    private let history: any History
    private let clock: any NodeClock
    private let configuration: LoopConfiguration
    private let log: Logger
    private let follower: SourceFollower
    private let inbox: Inbox
    private let poll = Doorbell()
    private var isPollDue = false
    private var pace = PollPace()
    private let surroundings: WorkerSurroundings
    private var workers: [PodUID: Doorbell] = [:]
    private var pass: PassLedger
    private var memory = ChangeMemory()

    /// Wires a loop; nothing happens before `run` or `once`, of which one is called, once.
    ///
    /// - Parameter random: source of UIDs and of the jitter between polls.
    public init(
        runtime: any PodRuntime, source: any Source, store: any AcceptedStore, history: any History,
        clock: any NodeClock, random: any RandomNumberGenerator & Sendable, configuration: LoopConfiguration,
        log: Logger
    ) {
        self.runtime = runtime
        self.history = history
        self.clock = clock
        self.configuration = configuration
        self.log = log
        follower = SourceFollower(
            source: source, store: store, history: history, clock: clock, nodeName: configuration.nodeName,
            random: random, log: log)
        let inbox = Inbox()
        self.inbox = inbox
        surroundings = WorkerSurroundings(
            runtime: runtime, history: history, clock: clock, gate: StartGate(width: configuration.parallelStarts),
            log: log, nodeName: configuration.nodeName, nodeAddress: configuration.nodeAddress,
            revision: NewestRevision(),
            report: { inbox.post(.standing($0, $1)) })
        pass = PassLedger(begun: clock.now().boot)
    }

    /// What should run, as accepted last.
    public var slice: AcceptedSlice? { get async { await follower.slice } }

    /// Asks the source now instead of at the next poll.
    public nonisolated func sync() { poll.ring() }

    /// Follows the source until the task is cancelled; Pods run on after that.
    ///
    /// - Throws: only if the stored slice cannot be read, before anything was done.
    public func run() async throws {
        try await follower.restore()
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.forwardEvents() }
            tasks.addTask { await self.every(self.configuration.sweepInterval, .sweep) }
            tasks.addTask { await self.followSource() }
            inbox.post(.plan)
            for await signal in inbox.signals { await handle(signal, &tasks) }
            tasks.cancelAll()
        }
    }

    /// One pass: asks the source, plans and acts until every Pod is what it should be, or is not going to be.
    ///
    /// Pods run on after that. - Throws: if the stored slice cannot be read; `CancellationError`.
    public func once(timeout: Duration) async throws -> PassSummary {
        try await follower.restore()
        let deadline = clock.now().boot + timeout
        await follow()
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.forwardEvents() }
            tasks.addTask { await self.expire(at: deadline) }
            inbox.post(.plan)
            for await signal in inbox.signals {
                if case .deadline = signal { break }
                await handle(signal, &tasks)
                if pass.isSettled { break }
            }
            tasks.cancelAll()
        }
        try Task.checkCancellation()
        await history.flush()
        return pass.summary(
            slice: await follower.slice, diagnostics: await follower.diagnostics, now: clock.now().boot)
    }

    // MARK: Signals

    private func handle(_ signal: Signal, _ tasks: inout DiscardingTaskGroup) async {
        switch signal {
        case .plan: await plan(&tasks)
        case .sweep:
            for bell in workers.values { bell.ring() }
            await plan(&tasks)
        case .changed(let uid):
            if let bell = workers[uid] { bell.ring() } else { inbox.post(.plan) }
        case .standing(let uid, let standing?):
            memory.noteSeen(uid)
            pass.note(uid, standing)
        case .standing(let uid, nil):
            workers[uid] = nil
            pass.noteGone(uid)
            // A Pod of the same name may be waiting for this one's end.
            inbox.post(.plan)
        case .deadline: break
        }
    }

    /// Asks the source; a failure leaves the slice as it is.
    private func follow() async {
        do {
            (pass.sourceFailure, pass.storeFailure) = (nil, nil)
            if try await follower.follow() { inbox.post(.plan) }
        } catch is CancellationError {
            return
        } catch let error as ReconcilerError {
            pass.storeFailure = error
            log.error("slice cannot be stored", metadata: ["error": "\(error)"])
        } catch {
            pass.sourceFailure = "\(error)"
            log.warning("source cannot be followed", metadata: ["error": "\(error)"])
        }
    }

    /// Compares the slice with what is there, writes the outcome into the records, and puts workers to work.
    private func plan(_ tasks: inout DiscardingTaskGroup) async {
        inbox.takePlan()
        guard let slice = await follower.slice else {
            pass.isPlanned = true
            return
        }
        surroundings.revision.set(slice.revision)
        do {
            let observed = try await runtime.observe()
            let plan = NodePlan(accepted: slice, observed: observed)
            pass.note(plan)
            let due = hold(in: plan, &tasks)
            try await carryOut(due, slice)
            for entry in due.entries { employ(entry, &tasks) }
            pass.isPlanned = true
        } catch is CancellationError {
            return
        } catch {
            log.error("node cannot be planned", metadata: ["error": "\(error)"])
            pass.planFailure = ActionFailure(reason: "Failed", message: "\(error)")
            let retry = clock.now().boot + Retry.base
            tasks.addTask { await self.post(.plan, at: retry) }
        }
    }

    /// Leaves out what was done a moment ago without effect, until it may be tried again.
    private func hold(in plan: NodePlan, _ tasks: inout DiscardingTaskGroup) -> NodePlan {
        let held = memory.held(of: plan, now: clock.now().boot)
        for entry in plan.changes {
            guard let retry = held[entry.uid], pass.noteHeld(entry.uid, retry) else { continue }
            log.warning(
                "\(entry.change.verb) failed",
                metadata: [
                    "pod": "\(entry.pod)", "uid": "\(entry.uid)", "error": "\(retry.failure)",
                    "again in": "\(retry.delay)",
                ])
            tasks.addTask { await self.post(.plan, at: retry.due) }
        }
        return plan.leavingOut(Set(held.keys))
    }

    private func carryOut(_ plan: NodePlan, _ slice: AcceptedSlice) async throws {
        pass.planFailure = nil
        if plan.changes.isEmpty { return }
        let now = clock.now()
        let changes = plan.changes.map {
            PlanEntry.Change(pod: $0.pod, uid: $0.uid, verb: $0.change.verb, reason: $0.reason)
        }
        let entry = PlanEntry(revision: slice.revision, at: now.wall, changes: changes)
        if memory.isNews(entry) { history.record(entry) }
        let deletions = plan.deletions(now: now)
        if !deletions.isEmpty { try await runtime.markDeleted(deletions) }
        if !plan.updates.isEmpty { try await runtime.update(plan.updates) }
        if !plan.registrations.isEmpty { try await runtime.register(plan.registrations) }
        memory.learn(plan)
    }

    /// Rings the workers of the Pods an entry changes something about; Pods without a worker get one.
    private func employ(_ entry: NodePlanEntry, _ tasks: inout DiscardingTaskGroup) {
        for uid in entry.present {
            if let bell = workers[uid] {
                if entry.change.isChange { bell.ring() }
                continue
            }
            let bell = Doorbell()
            let worker = PodWorker(
                uid: uid, name: entry.pod, bell: bell, surroundings: surroundings)
            workers[uid] = bell
            bell.ring()
            tasks.addTask { await worker.run() }
        }
    }

    // MARK: What signals

    private func forwardEvents() async {
        for await event in runtime.events {
            switch event {
            case .changed(let uid): inbox.post(.changed(uid))
            case .sweep: inbox.post(.sweep)
            }
        }
    }

    /// Asks the source at once, then at every interval and when told to. A task of its own: a slow source delays no
    /// healing.
    private func followSource() async {
        await withDiscardingTaskGroup { timers in
            poll.ring()
            for await _ in poll.rings {
                await follow()
                pace.note(isAnswered: pass.sourceFailure == nil)
                if isPollDue { continue }
                isPollDue = true
                let pause = await follower.pause(pace.pause(configuration.interval))
                timers.addTask { await self.ringPoll(at: self.clock.now().boot + pause) }
            }
            timers.cancelAll()
        }
    }

    private func ringPoll(at time: BootTime) async {
        do { try await clock.sleep(until: time) } catch { return }
        isPollDue = false
        poll.ring()
    }

    private func every(_ interval: Duration, _ signal: Signal) async {
        while !Task.isCancelled { await post(signal, at: clock.now().boot + interval) }
    }

    private func expire(at deadline: BootTime) async { await post(.deadline, at: deadline) }

    private func post(_ signal: Signal, at time: BootTime) async {
        do { try await clock.sleep(until: time) } catch { return }
        inbox.post(signal)
    }
}

extension NodePlanEntry {
    /// The Pods that have a record once this entry is carried out.
    fileprivate var present: [PodUID] {
        switch change {
        case .create, .updateMetadata, .keep, .ending, .delete: [uid]
        case .replace(let olds, _): olds.map(\.uid)
        case .await(let olds, _): olds
        }
    }
}
