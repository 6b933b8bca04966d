import Logging
import Manifests
import PodModel
import Reconciler
import Synchronization

/// The simulated node behind the runtime's door.
final class SimulatedRuntime: PodRuntime {
    /// What one agent is told; a stream ends with who listens to it.
    private struct Channel {
        let stream: AsyncStream<RuntimeEvent>
        let emit: AsyncStream<RuntimeEvent>.Continuation
        var isTaken = false

        init() { (stream, emit) = AsyncStream.makeStream() }
    }

    private let channel = Mutex(Channel())
    private let node: Mutex<SimulatedNode>
    private let clock: any NodeClock
    private let supplied = Mutex(ConfigurationObjects())
    private let looked = Mutex(0)
    private let busy = Mutex((now: 0, most: 0))
    /// The names of Pods that are registered and never shown.
    private let hidden: Mutex<Set<String>>

    /// How long it takes to make a sandbox.
    private let birthTime: Duration
    /// The containers that use up their grace.
    private let slow: Set<String>

    init(
        _ node: SimulatedNode = SimulatedNode(), hiding hidden: Set<String> = [], slow: Set<String> = [],
        birthTime: Duration = .zero, clock: any NodeClock
    ) {
        self.birthTime = birthTime
        self.node = Mutex(node)
        self.slow = slow
        self.hidden = Mutex(hidden)
        self.clock = clock
    }

    /// For each agent anew; the first one is told of what happened before it came, too.
    var events: AsyncStream<RuntimeEvent> {
        channel.withLock { channel in
            if channel.isTaken { channel = Channel() }
            channel.isTaken = true
            return channel.stream
        }
    }

    private func emit(_ event: RuntimeEvent) { _ = channel.withLock { $0.emit.yield(event) } }

    /// The node as it is now.
    var state: SimulatedNode { node.withLock { $0 } }

    /// How often all Pods were looked at.
    var looks: Int { looked.withLock { $0 } }

    /// The most births that happened at once.
    var mostAtOnce: Int { busy.withLock { $0.most } }

    /// From now on a Pod is shown.
    func show(_ name: String) { _ = hidden.withLock { $0.remove(name) } }

    /// Does something to the node behind the agent's back, and tells what changed.
    func accident(on uid: PodUID, _ change: (inout SimulatedNode) -> Void) {
        silently(change)
        emit(.changed(uid))
    }

    /// The same, and the news of it is lost.
    func silently(_ change: (inout SimulatedNode) -> Void) {
        node.withLock { node in
            node.now = clock.now()
            change(&node)
        }
    }

    func observe() async throws -> [ObservedPod] {
        looked.withLock { $0 += 1 }
        return state.observe().filter { !isHidden($0.uid) }
    }

    func observe(_ uid: PodUID) async throws -> ObservedPod? { isHidden(uid) ? nil : state.observe(uid) }

    private func isHidden(_ uid: PodUID) -> Bool {
        guard let name = state.lives[uid]?.record.accepted.name.name else { return false }
        return hidden.withLock { $0.contains(name) }
    }

    /// What was supplied last.
    var objects: ConfigurationObjects { supplied.withLock { $0 } }

    func supply(_ objects: ConfigurationObjects) async { supplied.withLock { $0 = objects } }

    func register(_ pods: [AcceptedPod], holding holds: [PodUID: PodHold]) async throws {
        node.withLock { node in
            node.register(pods)
            node.hold(holds)
        }
    }

    func hold(_ holds: [PodUID: PodHold?]) async throws { node.withLock { $0.hold(holds) } }

    func update(_ pods: [AcceptedPod]) async throws { node.withLock { $0.update(pods) } }

    func markDeleted(_ pods: [PodUID: DeletionRecord]) async throws { node.withLock { $0.markDeleted(pods) } }

    func forgive(_ uid: PodUID) async throws { node.withLock { $0.lives[uid]?.record.forgive() } }

    func imagesToPull(for pod: AcceptedPod) -> [String: [String]] { state.imagesToPull(for: pod) }

    func pullAhead(_ image: String, for container: String, of pod: AcceptedPod) async throws -> ActionDetail {
        await Task.yield()
        try node.withLock { try $0.pull(image) }
        return ActionDetail()
    }

    /// Brings an image to the node, and tells of it.
    func bring(_ image: String) {
        node.withLock { _ = $0.missingImages.remove(image) }
        emit(.imagesChanged)
        for uid in state.lives.keys { emit(.changed(uid)) }
    }

    /// Tells that the tags of a Pod's images moved in their registries.
    func moveTags(_ images: [String: String], of uid: PodUID) {
        guard let pod = state.lives[uid]?.record.accepted else { return }
        emit(.tagsMoved(pod, images: images))
    }

    func lookUpTags() async {
        await Task.yield()
        for (pod, images) in state.tagsToPull() { emit(.tagsMoved(pod, images: images)) }
        emit(.tagsLookedUp)
    }

    func perform(_ action: PodAction, on uid: PodUID) async throws -> ActionDetail {
        if case .stopContainer(let name, _, let grace, _, _) = action, slow.contains(name) {
            try await clock.sleep(until: clock.now().boot + grace)
        }
        if case .createSandbox = action { try await clock.sleep(until: clock.now().boot + birthTime) }
        busy.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        defer { busy.withLock { $0.now -= 1 } }
        await Task.yield()
        try node.withLock { node in
            node.now = clock.now()
            try node.perform(action, on: uid)
        }
        return ActionDetail()
    }
}

/// A repository of values.
final class SimulatedSource: Source {
    struct Unreachable: Error, CustomStringConvertible {
        var description: String { "the repository cannot be reached: connection refused" }
    }

    private let state: Mutex<(revision: Int, files: [ManifestFile]?)>
    private let commits: String

    /// - Parameters:
    ///   - files: nil for a source that cannot be reached.
    ///   - commits: what the names of its revisions begin with; a number follows.
    init(_ files: [String: String]?, commits: String = "r") {
        state = Mutex((1, files.map(Self.manifests)))
        self.commits = commits
    }

    /// A push, or with nil a failure.
    func push(_ files: [String: String]?) {
        state.withLock { $0 = ($0.revision + 1, files.map(Self.manifests)) }
    }

    func head() async throws -> RevisionID { try state.withLock { try revision($0) } }

    func snapshot() async throws -> SourceSnapshot {
        try state.withLock { state in
            SourceSnapshot(revision: try revision(state), commit: someCommit, files: state.files ?? [])
        }
    }

    private func revision(_ state: (revision: Int, files: [ManifestFile]?)) throws -> RevisionID {
        guard state.files != nil else { throw Unreachable() }
        return RevisionID("\(commits)\(state.revision)")
    }

    private static func manifests(_ files: [String: String]) -> [ManifestFile] {
        files.sorted { $0.key < $1.key }.map { ManifestFile(path: $0.key, contents: Array($0.value.utf8)) }
    }
}

/// A slice kept in memory; it outlives agents.
final class MemoryStore: AcceptedStore {
    struct Full: Error, CustomStringConvertible { var description: String { "no space left on device" } }

    private let stored = Mutex(StoredSlice.missing)
    private let isFull: Bool

    init(isFull: Bool = false) { self.isFull = isFull }

    func load() async throws -> StoredSlice { stored.withLock { $0 } }

    func save(_ new: AcceptedSlice) async throws {
        if isFull { throw Full() }
        stored.withLock { $0 = .slice(new) }
    }

    /// Something happens to the disk.
    func replace(by damage: StoredSlice) { stored.withLock { $0 = damage } }
}

/// A history kept as lines.
final class MemoryHistory: History {
    private let log = Mutex<[String]>([])

    private let disk = Mutex<String?>(nil)
    private let told = Mutex<[PodEvent]>([])

    var lines: [String] { log.withLock { $0 } }
    /// What was told about Pods, `Reason: message` each.
    var events: [String] { told.withLock { $0.map { "\($0.reason): \($0.message)" } } }
    var trouble: String? { disk.withLock { $0 } }

    /// From now on nothing can be written, or, with nil, everything can again.
    func fail(_ reason: String?) { disk.withLock { $0 = reason } }

    func record(_ entry: RevisionEntry) { add("revision \(entry.revision) \(entry.verdict.rawValue)") }
    func record(_ entry: PlanEntry) { for change in entry.changes { add("plan \(change.verb) \(change.pod)") } }

    func record(_ event: PodEvent) { told.withLock { $0.append(event) } }

    func intend(_ intent: ActionIntent) -> IntentID {
        add("intend \(intent.action.verb) \(intent.pod)")
        return IntentID(0)
    }

    func conclude(_ intent: IntentID, _ outcome: ActionOutcome, after duration: Duration) {
        switch outcome {
        case .done: add("done")
        case .failed(let failure): add("failed \(failure.reason)")
        case .cancelled: add("cancelled")
        }
    }

    func flush() async {}
    private func add(_ line: String) { log.withLock { $0.append(line) } }
}

/// A clock that stands still until told to go on.
final class StoppedClock: NodeClock {
    private struct Sleeper {
        let deadline: BootTime
        let wake: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = moment(0)
        var next = 0
        var sleepers: [Int: Sleeper] = [:]
    }

    private let state = Mutex(State())

    func now() -> Moment { state.withLock { $0.now } }

    /// The deadlines somebody sleeps for, soonest first.
    var deadlines: [BootTime] { state.withLock { $0.sleepers.values.map(\.deadline).sorted() } }

    func sleep(until deadline: BootTime) async throws {
        let ticket = state.withLock { state in
            defer { state.next += 1 }
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
                let isOver = state.withLock { state in
                    if state.now.boot >= deadline || Task.isCancelled { return true }
                    state.sleepers[ticket] = Sleeper(deadline: deadline, wake: wake)
                    return false
                }
                if isOver { wake.resume() }
            }
            try Task.checkCancellation()
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: ticket) }?.wake.resume(throwing: CancellationError())
        }
    }

    /// The machine starts again half a minute later; nobody sleeps.
    func reboot(as boot: BootID) {
        state.withLock { state in
            state.now = Moment(
                wall: state.now.wall + .seconds(30), boot: BootTime(nanoseconds: 5_000_000_000), bootID: boot)
        }
    }

    /// Time passes, and wakes who slept long enough.
    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = Moment(
                wall: state.now.wall + duration, boot: state.now.boot + duration, bootID: state.now.bootID)
            let due = state.sleepers.filter { $0.value.deadline <= state.now.boot }
            for ticket in due.keys { state.sleepers[ticket] = nil }
            return due.values
        }
        for sleeper in woken { sleeper.wake.resume() }
    }
}

/// A log kept as lines: the event, then its metadata in alphabetical order.
final class MemoryLog: Sendable {
    private let log = Mutex<[String]>([])

    var lines: [String] { log.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: MemoryLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let words = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            log.log.withLock { $0.append(([event.message.description] + words).joined(separator: " ")) }
        }
    }
}
