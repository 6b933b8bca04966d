import Cgroups
import Dispatch
import Glibc
import Linux
import Logging
import Synchronization

/// Supervisors started ahead of the Pods that will need them: starting one is a third of a Pod's birth.
///
/// A spare rests in `<run>/spares/<n>` and wakes for nothing. Taken, its directory becomes the Pod's run directory by
/// one rename; the supervisor stands in it and goes along. Spares left by an agent that was killed are ended by the
/// next: they may be of another release.
final class SpareSupervisors: Sendable {
    private struct State {
        var ready: [String] = []
        /// How many are being started.
        var underWay = 0
        var next = 0
        /// No more are started: the node is being torn down, or starting one failed.
        var isClosed = false
    }

    private let directory: String
    private let wanted: Int
    private let launcher: SupervisorLauncher
    private let seat: CgroupSeat
    private let log: Logger
    private let state = Mutex(State())
    /// Entered for each that is being started.
    private let starts = DispatchGroup()

    /// - Parameters:
    ///   - directory: where spares rest; on the file system of the Pods' run directories.
    ///   - wanted: how many are to be ready.
    ///   - seat: where supervisors live.
    init(in directory: String, wanted: Int, launcher: SupervisorLauncher, seat: CgroupSeat, log: Logger) {
        self.directory = directory
        self.wanted = wanted
        self.launcher = launcher
        self.seat = seat
        self.log = log
    }

    /// Makes a spare's directory the one at `destination`, where nothing may be.
    ///
    /// - Returns: false when no spare is ready: then a supervisor is started there as ever.
    func take(for destination: String) -> Bool {
        while let spare = state.withLock({ $0.ready.popLast() }) {
            if rename(spare, destination) == 0 { return true }
        }
        return false
    }

    /// Starts what is missing, on a thread of its own.
    func refill() {
        let missing = state.withLock { state in
            let missing = state.isClosed ? 0 : max(0, wanted - state.ready.count - state.underWay)
            state.underWay += missing
            for _ in 0..<missing { starts.enter() }
            return missing
        }
        if missing == 0 { return }
        do {
            try startThread { for _ in 0..<missing { self.startOne() } }
        } catch {
            for _ in 0..<missing { settle { _ in } }
            log.debug("no thread for spare supervisors", metadata: ["error": "\(error)"])
        }
    }

    private func startOne() {
        let spare = state.withLock { state -> String? in
            if state.isClosed { return nil }
            state.next += 1
            return "\(directory)/\(state.next)"
        }
        guard let spare else { return settle { _ in } }
        do {
            try makeDirectory(spare)
            try launcher.launchHere(in: spare, cgroup: seat.unified, tasks: seat.tasks)
            settle { $0.ready.append(spare) }
        } catch {
            // Pods start their own then, and say what is wrong.
            settle { $0.isClosed = true }
            log.debug("no spare supervisor", metadata: ["error": "\(error)"])
        }
    }

    /// One start is over.
    private func settle(_ outcome: (inout State) -> Void) {
        state.withLock { state in
            state.underWay -= 1
            outcome(&state)
        }
        starts.leave()
    }

    /// Starts no more, and waits for those being started, for some seconds at most: they are there to be ended then.
    func close() {
        state.withLock { $0.isClosed = true }
        _ = starts.wait(timeout: .now() + 5)
    }

    /// Ends every spare of a node, whoever started it, and removes their directories.
    static func end(below paths: NodePaths, among cgroups: CgroupTree) throws {
        try SupervisorProcess(directory: paths.spares).killBelow(among: cgroups)
        try removeTree(paths.spares)
    }
}
