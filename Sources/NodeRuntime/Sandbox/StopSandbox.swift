import Cgroups
import Linux
import PodModel

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
        // A Pod that ends gives its address back with its record.
        if try records.known(uid).deletion == nil {
            addresses.release(uid)
            try await records.change(uid) { $0.address = nil }
        }
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
        try await onOwnThread { [cgroups, paths, hostPorts] in
            // One that is stopped, stuck or has lost its socket ends too, and takes its Pod along.
            if !isShutDown { try SupervisorProcess(directory: paths.run(of: uid)).kill(among: cgroups) }
            // Without a supervisor nobody else ends what is left.
            if try !cgroups.processes(pod: uid.text).isEmpty { try cgroups.kill(pod: uid.text) }
            try cgroups.removePod(uid.text)
            // The link went with the network namespace.
            try hostPorts?.withdraw(uid)
            try removeTree(paths.run(of: uid))
        }
        tierShares.refresh()
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
        endProbes(of: record)
        if isDirectory(paths.run(of: uid)) { try await clear(uid) }
        addresses.release(uid)
        if let hostPorts, hostPorts.owners.contains(uid) { try await onOwnThread { try hostPorts.withdraw(uid) } }
        let name = record.accepted.name
        for part in [name.namespace, name.name, uid.text] { try requirePlain(part) }
        let logs = removedLogs
        try await onOwnThread { try logs.enter(name, uid) }
        try await records.remove(uid)
        userRanges.release(uid)
        imageSupply.forget(uid)
        logCollection.begin()
        return ActionDetail()
    }
}
