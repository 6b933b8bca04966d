import Linux
import Logging
import PodModel
import Synchronization

/// Removes the logs of Pods that are gone for long, or too many of them, and what damaged records left, on a thread that
/// nobody waits for.
final class LogCollection: Sendable {
    private struct State {
        var isUnderWay = false
        /// Asked for once more while one was under way: that one may have passed by already what there is now.
        var isDue = false
        var last = BootTime(nanoseconds: 0)
    }

    private let logs: RemovedLogs
    private let log: Logger
    private let state = Mutex(State())

    init(_ logs: RemovedLogs, log: Logger) {
        self.logs = logs
        self.log = log
    }

    /// Begins, or has the one under way look once more: a hundred Pods that end at once ask for two, not for a hundred.
    func begin() {
        let isFirst = state.withLock { state in
            defer { (state.isUnderWay, state.isDue) = (true, true) }
            return !state.isUnderWay
        }
        guard isFirst else { return }
        do { try startThread { while self.takeDue() { self.collect() } } } catch {
            state.withLock { $0.isUnderWay = false }
            log.warning("no thread for collecting logs", metadata: ["error": "\(error)"])
        }
    }

    /// The same, at most once an hour: for the sweep.
    func beginHourly() { if BootTime.now() - state.withLock(\.last) >= .seconds(3600) { begin() } }

    /// Whether to look, once more or for the first time; the thread ends otherwise.
    private func takeDue() -> Bool {
        state.withLock { state in
            (state.isUnderWay, state.isDue, state.last) = (state.isDue, false, BootTime.now())
            return state.isUnderWay
        }
    }

    private func collect() {
        do { try logs.collect(now: .now()) } catch {
            log.warning("logs of removed pods could not be collected", metadata: ["error": "\(error)"])
        }
        do { try DamagedRemains(logs.paths).collect(now: .now()) } catch {
            log.warning("what damaged records left could not be collected", metadata: ["error": "\(error)"])
        }
    }
}
