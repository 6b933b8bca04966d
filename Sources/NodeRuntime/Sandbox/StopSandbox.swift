import Cgroups
import Linux
import Logging
import PodModel
import Synchronization

/// Clearing what a Pod uses of the machine: processes, cgroups, link, run directory, address.
extension NodeRuntime {
    func stopSandbox(_ uid: PodUID) async throws -> ActionDetail {
        do {
            try await clear(uid)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw ActionFailure(
                reason: "FailedKillPod", message: "what is left of the Pod could not be cleared: \(error)")
        }
        addresses.release(uid)
        try await records.change(uid) { $0.address = nil }
        return ActionDetail(silences.takeNotice(uid) ?? "")
    }

    /// Ends all of a Pod, known or not. The run directory goes last: as long as it is there, there is something left.
    func clear(_ uid: PodUID) async throws {
        let isShutDown: Bool
        do {
            isShutDown = try await connections.ask(uid) { try await $0.shutDown() } != nil
        } catch SupervisorError.silent {
            isShutDown = false
        }
        connections.forget(uid)
        try await onOwnThread { [cgroups, paths] in
            // One that is stopped, stuck or has lost its socket ends too, and takes its Pod along.
            if !isShutDown { try SupervisorProcess(directory: paths.run(of: uid)).kill(among: cgroups) }
            // Without a supervisor nobody else ends what is left.
            if try !cgroups.processes(pod: uid.text).isEmpty { try cgroups.kill(pod: uid.text) }
            try cgroups.removePod(uid.text)
            // The link went with the network namespace.
            try removeTree(paths.run(of: uid))
        }
    }

    /// Kills a Pod whose supervisor hangs, and the supervisor.
    func endUnasked(_ uid: PodUID) async throws {
        connections.forget(uid)
        try await onOwnThread { [cgroups, paths] in
            try SupervisorProcess(directory: paths.run(of: uid)).kill(among: cgroups)
            try cgroups.kill(pod: uid.text)
        }
    }

    /// Removes a Pod that has ended: its state, and what may be left of its sandbox. Its logs stay for a while.
    func remove(_ uid: PodUID) async throws -> ActionDetail {
        guard let record = records.record(of: uid) else { return ActionDetail() }
        if isDirectory(paths.run(of: uid)) { try await clear(uid) }
        addresses.release(uid)
        let name = record.accepted.name
        for part in [name.namespace, name.name, uid.text] { try requirePlain(part) }
        let logs = removedLogs
        try await onOwnThread { try logs.enter(name, uid) }
        try await records.remove(uid)
        collectLogs()
        return ActionDetail()
    }

    /// Removes the logs of Pods that are gone for long, or too many of them. Nobody waits for it.
    func collectLogs() {
        lastCollection.withLock { $0 = BootTime.now() }
        let (logs, log) = (removedLogs, log)
        do {
            try startThread {
                do { try logs.collect(now: .now()) } catch {
                    log.warning("logs of removed pods could not be collected", metadata: ["error": "\(error)"])
                }
            }
        } catch { log.warning("no thread for collecting logs", metadata: ["error": "\(error)"]) }
    }

    /// The same, at most once an hour: for the sweep.
    func collectLogsHourly() {
        let last = lastCollection.withLock { $0 }
        if BootTime.now() - last >= .seconds(3600) { collectLogs() }
    }
}
