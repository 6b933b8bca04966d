import Linux
import NodeRuntime
import PodModel

/// Prints the log of one container instance.
struct LogPrinter: Sendable {
    /// Lines written before this are left out; nil for none.
    let since: WallTime?
    let withTimestamps: Bool
    let withPrefix: Bool
    let selection: ContainerLog.Selection
    let node: NodeGlance
    let paths: NodePaths

    /// Prints the lines there are and, when the selection follows, those that come until the container ends.
    ///
    /// - Throws: `CommandFailure` when the log is not there.
    func print(_ instance: LogInstance, of uid: PodUID) async throws {
        let path = instance.path(in: paths)
        do {
            try await ContainerLog(path: path).read(selection) {
                guard instance.id != nil, let pod = try await node.view.observe(uid) else { return false }
                return pod.containers[instance.container].isRunning(instance.id)
            } body: { entries in
                write(standardOutput: entries.filter(isWanted).flatMap { bytes(of: $0, instance) })
            }
        } catch let error as SystemError where error.code == 2 {
            throw CommandFailure(.notFound, "the log of container \(instance.container) is not there: \(path)")
        }
    }

    /// A line whose time cannot be read is shown: better too much than too little.
    private func isWanted(_ entry: LogEntry) -> Bool {
        guard let since, let time = WallTime(rfc3339: entry.timestamp) else { return true }
        return time >= since
    }

    private func bytes(of entry: LogEntry, _ instance: LogInstance) -> [UInt8] {
        (withPrefix ? Array(instance.prefix.utf8) : []) + entry.bytes(withTimestamp: withTimestamps)
    }
}

extension ObservedContainer? {
    /// Whether this instance runs.
    fileprivate func isRunning(_ id: ContainerID?) -> Bool {
        if case .running(let running, _) = self { running == id } else { false }
    }
}
