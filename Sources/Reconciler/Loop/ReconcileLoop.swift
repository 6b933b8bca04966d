import Logging
import PodModel

/// Makes a node run what its repository says, and keeps it so.
///
/// One signal at a time, "the slice changed", "something happened to a Pod", "it is time", becomes a plan; one worker
/// per Pod carries it out. When the source cannot be reached, the slice accepted last is kept up.
public actor ReconcileLoop {
    let runtime: any PodRuntime
    let history: any History
    let clock: any NodeClock
    let configuration: LoopConfiguration
    let log: Logger
    let follower: SourceFollower
    let inbox: Inbox
    let poll = Doorbell()
    var isPollDue = false
    var pace = PollPace()
    let surroundings: WorkerSurroundings
    var workers: [PodUID: Doorbell] = [:]
    var pass: PassLedger
    var memory = ChangeMemory()
    var gate = HistoryGate()
    /// What Pods may use, as the runtime knows it.
    var supplied: [AcceptedObject] = []
    var imageGate = ImageGate()
    /// Whether something waits for room on the node, as of the newest plan.
    var isShort = false
    /// Those that take over the place of a Pod that has the node, as of the newest plan.
    var heirs: Set<PodUID> = []
    let board: any StatusBoard
    var status = LoopStatus()

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
            log: log, nodeName: configuration.node.name, revision: NewestRevision(),
            report: { inbox.post(.standing($0, $1)) })
        pass = PassLedger(begun: clock.now().boot)
    }

    /// What should run, as accepted last.
    public var slice: AcceptedSlice? { get async { await follower.slice } }

    /// Asks the source now instead of at the next poll.
    public nonisolated func sync() { poll.ring() }

    /// Has a Pod's containers started now that crashed or could not be started, instead of after their back-off.
    public nonisolated func retry(_ uid: PodUID) { inbox.post(.retry(uid)) }

    /// Has a Pod end for good although it is wanted, because the node cannot keep it.
    nonisolated func evict(_ uid: PodUID, _ reason: WaitingReason) { inbox.post(.evict(uid, reason)) }

    /// Takes in what the node is short of, for the board.
    nonisolated func tell(_ pressures: [NodePressure]) { inbox.post(.pressure(pressures)) }

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

    /// One pass: asks the source, plans, looks up the tags that Pods follow, and acts until every Pod is what it should be,
    /// or is not going to be.
    ///
    /// Pods run on after that. - Throws: if the stored slice cannot be read; `CancellationError`.
    public func once(timeout: Duration) async throws -> PassSummary {
        try await restore()
        let deadline = clock.now().boot + timeout
        pass.tags = .due
        await follow()
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.forwardEvents() }
            tasks.addTask { await self.expire(at: deadline) }
            inbox.post(.plan)
            for await signal in inbox.signals {
                if case .deadline = signal {
                    if pass.tags == .asked { log.warning("tags were not looked up in time") }
                    pass.tags = .known
                    break
                }
                await handle(signal, &tasks)
                if pass.isPlanned, pass.tags == .due {
                    // Not before: what this revision changed is not to be asked for as it was.
                    pass.tags = .asked
                    tasks.addTask { await self.runtime.lookUpTags() }
                }
                if pass.isSettled { break }
            }
            tasks.cancelAll()
        }
        try Task.checkCancellation()
        await history.flush()
        return pass.summary(
            slice: await follower.slice, diagnostics: await follower.diagnostics, now: clock.now().boot)
    }

    func restore() async throws {
        let runtime = runtime
        try await follower.restore { try await runtime.observe().map(\.record) }
    }

    // MARK: Signals

    func handle(_ signal: Signal, _ tasks: inout DiscardingTaskGroup) async {
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
            pass.note(uid, standing, now: clock.now().boot)
            // What has ended for good leaves its place to who waits, and to itself where it ended before a change reached it.
            if standing.status.phase.isTerminal, isShort || pass.hasUpdated(uid) { planAgain() }
        case .standing(let uid, nil):
            workers[uid] = nil
            pass.noteGone(uid, now: clock.now().boot)
            if pass.isWaited(for: uid) { inbox.post(.plan) }
            if isShort { planAgain() }
        case .flushed(let revision):
            gate.learn(revision, trouble: history.trouble, now: clock.now().boot)
            inbox.post(.plan)
        case .pulled(let wish, let failure):
            imageGate.learn(wish, failure, now: clock.now().boot)
            inbox.post(.plan)
        case .imagesChanged:
            imageGate.forgetFailures()
            inbox.post(.plan)
        case .evict(let uid, let reason): workers[uid]?.evict(reason)
        case .pressure(let pressures): take(pressures)
        case .tagsMoved(let pod, let images): pullMoved(images, for: pod, &tasks)
        case .followed(let uid, let failure):
            pass.noteMoved(uid, failure, now: clock.now().boot)
            workers[uid]?.ring()
        case .tagsLookedUp: pass.tags = .known
        case .deadline: break
        }
    }

    /// Pulls what tags lead to now, while what runs runs on; once it is there, the Pod is looked at. A failure is told, and
    /// tried again when the tag is looked up again.
    func pullMoved(_ images: [String: String], for pod: AcceptedPod, _ tasks: inout DiscardingTaskGroup) {
        guard pass.noteMoving(pod.uid, images, now: clock.now().boot) else { return }
        let (ahead, inbox) = (PullAhead(pod: pod, owner: pod, surroundings: surroundings), inbox)
        tasks.addTask {
            // Only the loop's end cancels it, and then nobody listens any more.
            do { inbox.post(.followed(pod.uid, try await ahead.run(images.mapValues { [$0] }))) } catch {}
        }
    }

    /// What the node is short of decides whom it takes on.
    func take(_ pressures: [NodePressure]) {
        let before = self.pressures
        status.pressures = pressures
        publish()
        if self.pressures != before { planAgain() }
    }

    var pressures: Set<NodePressureKind> { Set((status.pressures ?? []).map(\.kind)) }

    /// Asks the source; a failure leaves the slice as it is.
    func follow() async {
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
    func nameRevision() async {
        if let revision = await follower.slice?.revision { surroundings.revision.set(revision) }
    }

    /// Hands the runtime what Pods may use, before any of them is to.
    func supply(_ objects: [AcceptedObject]) async {
        if objects == supplied { return }
        await runtime.supply(ConfigurationObjects(objects))
        supplied = objects
    }

    /// Has room that came free used; until that is done nothing is settled.
    func planAgain() {
        pass.isPlanned = false
        inbox.post(.plan)
    }
}
