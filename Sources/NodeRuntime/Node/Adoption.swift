import Cgroups
import Linux
import Logging
import Manifests
import PodModel
import PodNetwork
import SupervisorCore
import Synchronization

/// Taking over what an earlier agent left: Pods with a record go on, everything else of ours is cleared.
extension NodeRuntime {
    func adopt() async throws {
        try await clearStrays()
        try noteAddresses()
        untaken.withLock { $0 = Set(records.all.map(\.uid)) }
        await withTaskGroup { group in
            for record in records.all { group.addTask { await self.takeOver(record) } }
        }
    }

    /// Clears cgroups, run directories and links that carry our mark and belong to no record.
    private func clearStrays() async throws {
        let known = Set(records.all.map(\.uid.text))
        let present = try Set(cgroups.pods()).union(try names(in: paths.podRuns))
        for stray in present.subtracting(known).sorted() {
            log.warning("pod without a record is cleared", metadata: ["pod": "\(stray)"])
            try await clear(PodUID(stray))
        }
        for uid in try Set(cgroups.pods()).intersection(known) where !isDirectory(paths.run(of: PodUID(uid))) {
            // Its run directory went: nobody can reach its supervisor any more.
            log.warning("pod lost its run directory and is cleared", metadata: ["pod": "\(uid)"])
            try await clear(PodUID(uid))
        }
        try await onOwnThread { [network] in
            let host = try NetlinkSocket()
            for link in try network.links(host: host) where !known.contains(link.podKey) {
                try network.remove(podKey: link.podKey, host: host)
            }
        }
    }

    /// Links first: one made by a birth that was cut short has the address that the repeated birth must take. One whose
    /// Pod has no record goes away by itself, and its address is free again then.
    private func noteAddresses() throws {
        for link in try network.links(host: NetlinkSocket()) {
            let uid = PodUID(link.podKey)
            if records.record(of: uid) == nil {
                addresses.noteDeparting(link.address)
            } else {
                addresses.note(link.address, of: uid)
            }
        }
        for record in records.all where record.accepted.pod.spec.namespaces.hostNetwork != true {
            guard let address = record.address.flatMap({ IPv4Address($0) }) else { continue }
            addresses.note(address, of: record.uid)
        }
    }

    /// Takes a Pod over whose supervisor did not answer when the agent started, and does now.
    func takeOverLate(_ uid: PodUID) async {
        guard untaken.withLock({ $0.contains(uid) }), let record = records.record(of: uid) else { return }
        await takeOver(record)
    }

    /// Hears the supervisor from now on, and acknowledges what was written down before it could be: exits in the record
    /// that a cut short commit left, and execs whose caller is gone.
    private func takeOver(_ record: PodRecord) async {
        do {
            let state: [StateEntry] =
                try await connections.ask(record.uid) { supervisor in
                    let state = try await supervisor.currentState()
                    for entry in state where entry.phase == .exited {
                        let id = String(decoding: entry.id, as: UTF8.self)
                        switch entry.kind {
                        case StateEntry.exec: try await supervisor.acknowledge(exec: id)
                        case StateEntry.container where record.isSettled(ContainerID(id)):
                            try await supervisor.acknowledge(container: id)
                        default: break
                        }
                    }
                    return state
                } ?? []
            try await takeBackStop(of: record, state.filter { $0.phase == .running })
            let alive = state.filter { $0.kind == StateEntry.container && $0.isAlive }
            adoptProbes(of: record, running: Set(alive.map(\.instance)))
            _ = untaken.withLock { $0.remove(record.uid) }
        } catch {
            log.warning("supervisor does not answer", metadata: ["pod": "\(record.uid)", "error": "\(error)"])
        }
    }

    /// A node that was to be shut down and is not: what was not asked to stop by then has not been cut short.
    ///
    /// - Parameter lives: what runs in the Pod's sandbox and was not asked to stop.
    private func takeBackStop(of record: PodRecord, _ lives: [StateEntry]) async throws {
        guard record.stopDeadline != nil, lives.contains(where: { $0.kind == StateEntry.sandbox }) else { return }
        let unasked = Set(lives.filter { $0.kind == StateEntry.container }.map(\.instance))
        try await records.change(record.uid) { $0.takeBackStop(sparing: unasked) }
    }
}

extension PodRecord {
    /// Whether nothing is to be learned any more of how an instance ended: it is written, or of an earlier attempt.
    func isSettled(_ id: ContainerID) -> Bool {
        !containers.values.contains { $0.id == id && $0.lastExit == nil }
    }
}
