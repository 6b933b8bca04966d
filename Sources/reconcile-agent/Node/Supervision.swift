import Glibc
import Linux
import Logging
import Reconciler

/// The number of this process.
func currentProcess() -> Int32 { getpid() }

/// What the environment says about a service manager: `$NOTIFY_SOCKET`, `$WATCHDOG_USEC` and `$WATCHDOG_PID`.
struct ManagerEnvironment: Sendable {
    let manager: NotifySocket?
    /// Within which time the manager wants to hear something; nil when it does not ask for that.
    let watchdog: Duration?

    /// - Parameters:
    ///   - variables: the environment.
    ///   - process: this process: what is meant for another is not for it.
    init(_ variables: [String: String], process: Int32) {
        manager = NotifySocket(socket: variables["NOTIFY_SOCKET"])
        let isMine = variables["WATCHDOG_PID"].map { Int32($0) == process } ?? true
        let interval = variables["WATCHDOG_USEC"].flatMap { Int64($0) }
        watchdog = if isMine, let interval, interval > 0 { .microseconds(interval) } else { nil }
    }
}

extension ManagerEnvironment {
    /// Runs a loop until the task is cancelled. The manager hears of that at once, and meanwhile, as often as it wants,
    /// that the loop still answers.
    ///
    /// A loop that is stuck answers nothing: the manager then ends this agent and starts another. Pods do not notice.
    func run(_ loop: ReconcileLoop, log: Logger) async throws {
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                if let watchdog { tasks.addTask { await keepAlive(loop, within: watchdog, log: log) } }
                tasks.addTask { try await loop.run() }
                defer { tasks.cancelAll() }
                try await tasks.next()
            }
        } onCancel: {
            tell(.stopping, log)
        }
    }

    private func keepAlive(_ loop: ReconcileLoop, within interval: Duration, log: Logger) async {
        while !Task.isCancelled {
            await loop.heartbeat()
            tell(.alive, log)
            do { try await Task.sleep(for: interval / 2) } catch { return }
        }
    }

    private func tell(_ message: NotifySocket.Message, _ log: Logger) {
        do { try manager?.tell(message) } catch {
            log.warning("service manager cannot be told", metadata: ["error": "\(error)"])
        }
    }
}
