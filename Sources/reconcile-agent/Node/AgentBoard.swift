import Dispatch
import Linux
import Logging
import NodeRuntime
import PodModel
import Synchronization

/// The running agent's board: a file for `status`, and what a service manager wants to hear.
final class AgentBoard: StatusBoard {
    private struct State {
        var newest: LoopStatus?
        var isDue = false
        var isReady = false
        /// The line that the service manager was told last.
        var line = ""
        /// Whether the last try to write or tell failed: that is said once.
        var isFailing = false
    }

    private let paths: NodePaths
    private let source: FollowedPlace
    private let startedAt: WallTime
    private let manager: NotifySocket?
    private let log: Logger
    private let queue = DispatchQueue(label: "status", qos: .utility)
    private let state = Mutex(State())

    init(_ paths: NodePaths, source: FollowedPlace, startedAt: WallTime, manager: NotifySocket?, log: Logger) {
        self.paths = paths
        self.source = source
        self.startedAt = startedAt
        self.manager = manager
        self.log = log
    }

    /// What is told while a write is under way replaces what was told before.
    func publish(_ status: LoopStatus) {
        let isFirst = state.withLock { state in
            state.newest = status
            defer { state.isDue = true }
            return !state.isDue
        }
        if isFirst { queue.async { self.show() } }
    }

    private func show() {
        let status = state.withLock { state in
            state.isDue = false
            return state.newest
        }
        guard let status else { return }
        do {
            try PublishedStatus(
                process: currentProcess(), startedAt: startedAt, version: Version.current, source: source, loop: status
            ).save(below: paths)
            try tell(status)
            state.withLock { $0.isFailing = false }
        } catch {
            let isNews = state.withLock { state in
                defer { state.isFailing = true }
                return !state.isFailing
            }
            if isNews { log.warning("status cannot be published", metadata: ["error": "\(error)"]) }
        }
    }

    /// Ready once the first plan was made: from then on Pods are looked after.
    private func tell(_ status: LoopStatus) throws {
        guard let manager else { return }
        let line = status.line
        let (isNewLine, isReady) = state.withLock { state in
            defer { (state.line, state.isReady) = (line, state.isReady || status.lastPlan != nil) }
            return (state.line != line, !state.isReady && status.lastPlan != nil)
        }
        if isReady {
            try manager.tell(.ready, .status(line))
        } else if isNewLine {
            try manager.tell(.status(line))
        }
    }
}

extension LoopStatus {
    /// How it gets on, in one line without times.
    var line: String {
        if let historyTrouble { return historyTrouble }
        if let failure = lastPoll?.failure { return "cannot follow the repository: \(failure)" }
        if let failure = lastPlan?.failure { return "the plan failed: \(failure)" }
        if !held.isEmpty { return "\(held.count) changes are held back" }
        guard let revision = lastPlan?.revision else { return "no revision was accepted yet" }
        return "at revision \(revision.short)"
    }
}
