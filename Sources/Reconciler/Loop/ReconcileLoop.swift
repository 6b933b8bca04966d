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
    private var gate = HistoryGate()
    /// What Pods may use, as the runtime knows it.
    private var supplied: [AcceptedObject] = []
    private var imageGate = ImageGate()
    /// Pods for which images are pulled because tags moved.
    private var following: Set<PodUID> = []
    private let board: any StatusBoard
    private var status = LoopStatus()

    /// Wires a loop; nothing happens before `run` or `once`, of which one is called, once.
    ///
    /// - Parameter random: source of UIDs and of the jitter between polls.
    public init(
        runtime: any PodRuntime, source: any Source, store: any AcceptedStore, history: any History,
        clock: any NodeClock, random: any RandomNumberGenerator & Sendable, configuration: LoopConfiguration,
        board: any StatusBoard = NoBoard(), log: Logger
    ) {
        self.runtime = runtime
        self.history = history
        self.clock = clock
        self.configuration = configuration
        self.board = board
        self.log = log
        follower = SourceFollower(
            source: source, store: store, history: history, clock: clock, node: configuration.node,
            random: random, log: log)
        let inbox = Inbox()
        self.inbox = inbox
        surroundings = WorkerSurroundings(
            runtime: runtime, history: history, clock: clock, gate: StartGate(width: configuration.parallelStarts),
            log: log, nodeName: configuration.node.name, nodeAddress: configuration.nodeAddress,
            revision: NewestRevision(),
            report: { inbox.post(.standing($0, $1)) })
        pass = PassLedger(begun: clock.now().boot)
    }

    /// What should run, as accepted last.
    public var slice: AcceptedSlice? { get async { await follower.slice } }

    /// Asks the source now instead of at the next poll.
    public nonisolated func sync() { poll.ring() }

    /// Has a Pod's containers started now that crashed or could not be started, instead of after their back-off.
    public nonisolated func retry(_ uid: PodUID) { inbox.post(.retry(uid)) }

    /// Follows the source until the task is cancelled; Pods run on after that.
    ///
    /// - Throws: only if the stored slice cannot be read, before anything was done.
    public func run() async throws {
        try await restore()
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.forwardEvents() }
            tasks.addTask { await self.every(self.configuration.sweepInterval, .sweep) }
            tasks.addTask { await self.followSource() }
            inbox.post(.plan)
            for await signal in inbox.signals { await handle(signal, &tasks) }
            tasks.cancelAll()
        }
        await history.flush()
    }

    /// Returns once the loop has answered: proof, for a watchdog, that it is not stuck.
    public func heartbeat() {}

    /// One pass: asks the source, plans and acts until every Pod is what it should be, or is not going to be.
    ///
    /// Pods run on after that. - Throws: if the stored slice cannot be read; `CancellationError`.
    public func once(timeout: Duration) async throws -> PassSummary {
        try await restore()
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

    private func restore() async throws {
        let runtime = runtime
        try await follower.restore { try await runtime.observe().map(\.record) }
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
        case .retry(let uid):
            do { try await runtime.forgive(uid) } catch {
                log.warning("pod cannot be tried again", metadata: ["uid": "\(uid)", "error": "\(error)"])
            }
            workers[uid]?.forgive()
        case .standing(let uid, let standing?):
            memory.noteSeen(uid)
            pass.note(uid, standing)
        case .standing(let uid, nil):
            workers[uid] = nil
            pass.noteGone(uid)
            if pass.isWaited(for: uid) { inbox.post(.plan) }
        case .flushed(let revision):
            gate.learn(revision, trouble: history.trouble, now: clock.now().boot)
            inbox.post(.plan)
        case .pulled(let wish, let failure):
            imageGate.learn(wish, failure, now: clock.now().boot)
            inbox.post(.plan)
        case .imagesChanged:
            imageGate.forgetFailures()
            inbox.post(.plan)
        case .tagsMoved(let pod, let images): pullMoved(images, for: pod, &tasks)
        case .followed(let uid): following.remove(uid)
        case .deadline: break
        }
    }

    /// Pulls what tags lead to now, while what runs runs on; once it is there, the Pod is looked at. A failure is told, and
    /// tried again when the tag is looked up again.
    private func pullMoved(_ images: [String: String], for pod: AcceptedPod, _ tasks: inout DiscardingTaskGroup) {
        guard following.insert(pod.uid).inserted else { return }
        let (ahead, inbox) = (PullAhead(pod: pod, owner: pod, surroundings: surroundings), inbox)
        tasks.addTask {
            // Only the loop's end cancels it, and then nobody listens any more.
            _ = try? await ahead.run(images)
            inbox.post(.followed(pod.uid))
        }
    }

    /// Asks the source; a failure leaves the slice as it is.
    private func follow() async {
        defer { publishPoll() }
        do {
            (pass.sourceFailure, pass.storeFailure) = (nil, nil)
            switch try await follower.follow() {
            case .nothing: break
            case .unchanged: await nameRevision()
            case .changed: inbox.post(.plan)
            }
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

    /// From now on the history tells what is done as done for the newest revision.
    private func nameRevision() async {
        if let revision = await follower.slice?.revision { surroundings.revision.set(revision) }
    }

    /// Hands the runtime what Pods may use, before any of them is to.
    private func supply(_ objects: [AcceptedObject]) async {
        if objects == supplied { return }
        await runtime.supply(ConfigurationObjects(objects))
        supplied = objects
    }

    /// Compares the slice with what is there, writes the outcome into the records, and puts workers to work.
    private func plan(_ tasks: inout DiscardingTaskGroup) async {
        inbox.takePlan()
        guard let slice = await follower.slice else {
            pass.isPlanned = true
            publishPlan(nil, changes: 0)
            return
        }
        await nameRevision()
        await supply(slice.objects)
        do {
            let observed = try await runtime.observe()
            let plan = NodePlan(accepted: slice, observed: observed)
            pass.note(plan)
            let due = hold(in: plan, &tasks)
            let ends = heldEnds(of: due, slice.revision, &tasks)
            let unready = withoutImages(in: due.leavingOut(Set(ends.map(\.uid))), observed, &tasks)
            let held = ends + unready
            let permitted = due.leavingOut(Set(held.map(\.uid)))
            try await carryOut(permitted, slice)
            pass.noteCarriedOut(permitted)
            for entry in permitted.entries { employ(entry, isChanged: entry.change.isChange, &tasks) }
            for entry in held { employ(entry, isChanged: false, &tasks) }
            pass.isPlanned = !gate.isAsking && !imageGate.isPulling
            publishPlan(slice.revision, changes: permitted.changes.count)
        } catch is CancellationError {
            return
        } catch {
            log.error("node cannot be planned", metadata: ["error": "\(error)"])
            pass.planFailure = ActionFailure(reason: "Failed", message: "\(error)")
            publishPlan(slice.revision, changes: 0)
            let retry = clock.now().boot + Retry.base
            tasks.addTask { await self.post(.plan, at: retry) }
        }
    }

    /// Leaves out what was done a moment ago without effect, until it may be tried again.
    private func hold(in plan: NodePlan, _ tasks: inout DiscardingTaskGroup) -> NodePlan {
        let held = memory.held(of: plan, now: clock.now().boot)
        for entry in plan.changes {
            if let retry = held[entry.uid] { hold(entry, retry, &tasks) }
        }
        return plan.leavingOut(Set(held.keys))
    }

    /// The entries that end Pods and must wait, because the history did not take in the revision they serve.
    private func heldEnds(
        of plan: NodePlan, _ revision: RevisionID, _ tasks: inout DiscardingTaskGroup
    ) -> [NodePlanEntry] {
        let ends = plan.entries.filter(\.change.endsPods)
        guard configuration.endsNeedHistory, !ends.isEmpty else { return [] }
        switch gate.answer(for: revision, trouble: history.trouble, now: clock.now().boot) {
        case .open: return []
        case .ask:
            let (history, inbox) = (history, inbox)
            tasks.addTask {
                await history.flush()
                inbox.post(.flushed(revision))
            }
        case .asked: break
        case .closed(let retry): for entry in ends { hold(entry, retry, &tasks) }
        }
        return ends
    }

    /// The entries that would end or restart what runs, although the images of what follows are not on the node yet.
    private func withoutImages(
        in plan: NodePlan, _ observed: [ObservedPod], _ tasks: inout DiscardingTaskGroup
    ) -> [NodePlanEntry] {
        var wishes: Set<ImageGate.Wish> = []
        let unready = plan.entries.filter { entry in
            guard let (old, new) = entry.successor(among: observed) else { return false }
            // A container that goes on as it is needs nothing.
            let images = runtime.imagesToPull(for: new).filter { name, _ in
                old.uid != new.uid || old.written(container: name) != new.written(container: name)
            }
            let wish = ImageGate.Wish(uid: new.uid, images: images)
            if wish.images.isEmpty { return false }
            wishes.insert(wish)
            switch imageGate.answer(for: wish, now: clock.now().boot) {
            case .pulling: break
            case .failed(let retry): hold(entry, retry, &tasks)
            case .pull:
                let (ahead, inbox) = (PullAhead(pod: new, owner: old, surroundings: surroundings), inbox)
                tasks.addTask {
                    // Only the loop's end cancels it, and then nobody listens any more.
                    do { inbox.post(.pulled(wish, try await ahead.run(wish.images))) } catch {}
                }
            }
            return true
        }
        imageGate.keepOnly(wishes)
        return unready
    }

    private func hold(_ entry: NodePlanEntry, _ retry: Retry, _ tasks: inout DiscardingTaskGroup) {
        guard pass.noteHeld(entry, retry) else { return }
        log.warning(
            "\(entry.change.verb) failed",
            metadata: [
                "pod": "\(entry.pod)", "uid": "\(entry.uid)", "error": "\(retry.failure)",
                "again in": "\(retry.delay)",
            ])
        tasks.addTask { await self.post(.plan, at: retry.due) }
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
        for event in plan.events(on: configuration.node.name, at: now.wall) { history.record(event) }
        memory.learn(plan)
    }

    /// Rings the workers of the Pods an entry changes something about; Pods without a worker get one.
    private func employ(_ entry: NodePlanEntry, isChanged: Bool, _ tasks: inout DiscardingTaskGroup) {
        for uid in entry.present {
            if let bell = workers[uid] {
                if isChanged { bell.interrupt() }
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

    // MARK: What is told of it

    private func publishPoll() {
        let now = clock.now().wall
        status.lastPoll = LoopStatus.Poll(at: now, failure: pass.sourceFailure ?? pass.storeFailure?.description)
        if pass.sourceFailure == nil { status.lastAnswer = now }
        publish()
    }

    private func publishNextPoll(in pause: Duration) {
        status.nextPoll = clock.now().wall + pause
        publish()
    }

    private func publishPlan(_ revision: RevisionID?, changes: Int) {
        let now = clock.now()
        let plan = LoopStatus.Plan(
            at: now.wall, revision: revision, changes: changes, failure: pass.planFailure?.description)
        status.lastPlan = plan
        if changes > 0 { status.lastChange = plan }
        status.held = pass.heldChanges(now: now)
        publish()
    }

    private func publish() {
        status.historyTrouble = history.trouble
        board.publish(status)
    }

    // MARK: What signals

    private func forwardEvents() async {
        for await event in runtime.events {
            switch event {
            case .changed(let uid): inbox.post(.changed(uid))
            case .sweep: inbox.post(.sweep)
            case .told(let event): history.record(event)
            case .imagesChanged: inbox.post(.imagesChanged)
            case .tagsMoved(let pod, let images): inbox.post(.tagsMoved(pod, images: images))
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
                publishNextPoll(in: pause)
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
        case .create, .update, .keep, .ending, .delete: [uid]
        case .replace(let olds, _): olds.map(\.uid)
        case .await(let olds, _): olds
        }
    }
}
