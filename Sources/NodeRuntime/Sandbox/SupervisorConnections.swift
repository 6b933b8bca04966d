import Linux
import PodModel
import Synchronization

/// The conversations with the supervisors of all Pods: one each, opened when first needed, dropped when it ends.
final class SupervisorConnections: Sendable {
    private struct Entry {
        let serial: Int
        let supervisor: Supervisor
    }

    private struct Table {
        var entries: [PodUID: Entry] = [:]
        var nextSerial = 0
    }

    private let paths: NodePaths
    private let poller: Poller
    private let hear: @Sendable (Supervisor.Event, PodUID) -> Void
    private let table = Mutex(Table())

    /// - Parameter hear: told what happens, on the poller's thread.
    init(paths: NodePaths, poller: Poller, hear: @escaping @Sendable (Supervisor.Event, PodUID) -> Void) {
        self.paths = paths
        self.poller = poller
        self.hear = hear
    }

    /// A Pod's supervisor, if the conversation with it is open.
    func connected(to uid: PodUID) -> Supervisor? { table.withLock { $0.entries[uid]?.supervisor } }

    /// A Pod's supervisor; nil when it has none.
    ///
    /// - Throws: `SupervisorError` when there is one that does not answer.
    func supervisor(of uid: PodUID) async throws -> Supervisor? {
        if let supervisor = connected(to: uid) { return supervisor }
        if !isDirectory(paths.run(of: uid)) { return nil }
        let serial = table.withLock { table in
            table.nextSerial += 1
            return table.nextSerial
        }
        let new: Supervisor
        do {
            new = try await Supervisor.connect(directory: paths.run(of: uid), poller: poller) { [weak self] event in
                self?.take(event, of: uid, serial: serial)
            }
        } catch SupervisorError.gone {
            return nil
        }
        // Two that connected at once: the first one stays.
        let (kept, isNew) = table.withLock { table in
            if let other = table.entries[uid] { return (other.supervisor, false) }
            table.entries[uid] = Entry(serial: serial, supervisor: new)
            return (new, true)
        }
        if !isNew { new.disconnect() }
        return kept
    }

    /// Asks a Pod's supervisor; nil when it has none, or it went away meanwhile.
    func ask<Answer>(_ uid: PodUID, _ question: (Supervisor) async throws -> Answer) async throws -> Answer? {
        guard let supervisor = try await supervisor(of: uid) else { return nil }
        do {
            return try await question(supervisor)
        } catch SupervisorError.gone {
            forget(uid)
            return nil
        }
    }

    /// Ends the conversation with a Pod's supervisor, silently.
    func forget(_ uid: PodUID) {
        let entry = table.withLock { $0.entries.removeValue(forKey: uid) }
        entry?.supervisor.disconnect()
    }

    private func take(_ event: Supervisor.Event, of uid: PodUID, serial: Int) {
        let isCurrent = table.withLock { table in
            guard table.entries[uid]?.serial == serial else { return false }
            if case .gone = event { table.entries[uid] = nil }
            return true
        }
        if isCurrent { hear(event, uid) }
    }
}
