import NodeRuntime
import PodModel
import Reconciler

/// The Pods of a node, as they change: heard of by events, not by asking again and again.
struct PodWatch: Sendable {
    /// What became of a Pod, by the words of the Kubernetes API.
    enum Event: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    /// What is to be seen of a Pod; a change of anything else is no event.
    typealias Look = @Sendable (PodStatus) -> String

    private let node: NodeGlance
    private let selection: ResourceSelection
    private let look: Look

    init(_ node: NodeGlance, _ selection: ResourceSelection, look: @escaping Look) {
        self.node = node
        self.selection = selection
        self.look = look
    }

    /// Hands the Pods as they are to `first`, and each change from then on to `body`, until the task is cancelled.
    func run(first: ([PodStatus]) -> Void, body: (Event, PodStatus) -> Void) async throws {
        let changes = try PodChanges(of: node.view)
        var known = Seen(look: look)
        let now = try await node.statuses().filter(selection.selects)
        for status in now { _ = known.take(status, of: status.accepted.uid) }
        first(now)
        for await pods in try Self.withLooksInBetween(changes.stream()) {
            if let pods {
                for uid in pods { report(known.take(try await status(of: uid), of: uid), to: body) }
            } else {
                try await lookAtAll(&known, body)
            }
        }
        try Task.checkCancellation()
    }

    private func lookAtAll(_ known: inout Seen, _ body: (Event, PodStatus) -> Void) async throws {
        let now = Dictionary(try await node.statuses().map { ($0.accepted.uid, $0) }, uniquingKeysWith: { $1 })
        for uid in known.uids.union(now.keys).sorted() {
            report(known.take(now[uid].flatMap { selection.selects($0) ? $0 : nil }, of: uid), to: body)
        }
    }

    private func status(of uid: PodUID) async throws -> PodStatus? {
        try await node.status(of: uid).flatMap { selection.selects($0) ? $0 : nil }
    }

    private func report(_ event: (Event, PodStatus)?, to body: (Event, PodStatus) -> Void) {
        if let (event, status) = event { body(event, status) }
    }

    /// Some words change by time alone: a back-off that is over. Those are looked for every ten seconds.
    private static func withLooksInBetween(_ changes: AsyncStream<Set<PodUID>?>) -> AsyncStream<Set<PodUID>?> {
        let (all, report) = AsyncStream.makeStream(of: Set<PodUID>?.self)
        let task = Task {
            await withTaskGroup { tasks in
                tasks.addTask { for await change in changes { report.yield(change) } }
                tasks.addTask {
                    while (try? await Task.sleep(for: .seconds(10))) != nil { report.yield(nil) }
                }
            }
            report.finish()
        }
        report.onTermination = { _ in task.cancel() }
        return all
    }
}

/// The Pods as they were seen last.
private struct Seen {
    private let look: PodWatch.Look
    private var pods: [PodUID: (status: PodStatus, look: String)] = [:]

    init(look: @escaping PodWatch.Look) { self.look = look }

    var uids: Set<PodUID> { Set(pods.keys) }

    /// Takes in what a Pod is now; nil: it is gone, or not asked for any more.
    mutating func take(_ status: PodStatus?, of uid: PodUID) -> (PodWatch.Event, PodStatus)? {
        guard let status else { return pods.removeValue(forKey: uid).map { (.deleted, $0.status) } }
        let old = pods.updateValue((status, look(status)), forKey: uid)
        if old == nil { return (.added, status) }
        return old?.look == pods[uid]?.look ? nil : (.modified, status)
    }
}
