import CBirth

/// One process under supervision: pause, a container's first process, or an exec.
final class Supervised {
    /// What it is: `StateEntry.sandbox`, `.container` or `.exec`.
    let kind: UInt32
    /// Its id, the agent's.
    let id: [UInt8]
    /// The container an exec belongs to; empty otherwise.
    let container: [UInt8]
    /// Number in epoll keys; never reused.
    let serial: UInt32

    var lifecycle: Lifecycle
    var pid: pid_t = 0
    var pidfd: Int32 = -1
    /// Reports from the birth; -1 when the birth is over.
    var channel: Int32 = -1
    /// Directory of its cgroup in the unified tree; -1: none.
    var cgroup: Int32 = -1
    /// An exec's cgroup, whose directory is `cgroup`.
    var execCgroup: ExecCgroup?
    /// A container's: the empty cgroup of an exec that ended, for the next one.
    var spareCgroup: ExecCgroup?
    /// Whether everything in its cgroup was killed at once.
    private(set) var wasCgroupKilled = false
    /// `tasks` files of v1 cgroups it entered; execs enter the same.
    var tasks: [Int32] = []
    /// The file that counts OOM kills, and its count at the start.
    var oomEvents: Int32 = -1
    var oomKillsBefore: UInt64 = 0
    /// The log, its directory, and the read ends of standard output and error: kept, so that a logger that dies can be
    /// replaced.
    var log: Int32 = -1
    var logDirectory: Int32 = -1
    var logPlan: LogPlan?
    var outputs: [Int32] = []
    /// The terminal's master: an exec's on its way to the client, a container's for its log and who attaches.
    var terminal: Int32 = -1
    /// A container's side of its terminal, held open: else the terminal would end whenever no process has it open.
    var terminalHold: Int32 = -1
    /// What becomes of a container's standard input, and the pipe's end that is written to.
    var inputKind = StandardInput.empty
    var input: Int32 = -1
    /// Where its exit will be recorded.
    var slot: Int?
    var clonedAt: UInt64 = 0
    var startedAt: UInt64 = 0
    /// How long an exec may run, in nanoseconds; 0: for ever.
    var timeLimit: UInt64 = 0
    /// Whether an exec is answered when it has ended: nobody asks meanwhile whether it was born.
    var isAnsweredAtEnd = false
    /// When to see whether it was born, since its time counts from then; nil: its channel is watched.
    var lookAt: UInt64?
    var timeline: [UInt8] = []
    var failure: BirthFailure?
    /// How it ended, once it has.
    var exit: Exit?
    /// The exit is recorded and waits for the logger to have written all output, at most until this instant.
    var drainUntil: UInt64?
    /// The logger could not be told of it yet; tried again with the timer.
    var awaitsLogger = false
    /// The connection that asked for this exec; when it is gone, nobody will acknowledge.
    var owner: UInt32 = 0
    /// Whether the exec is ended when that connection is gone.
    var endsWithClient = false
    /// The filter of a container's system calls, which its execs get too, and the flags to load it with.
    var filter: (program: [UInt8], flags: UInt32) = ([], 0)
    /// How willingly the kernel kills a container's processes, its execs among them; nil: nobody said.
    var oomScore: Int32?
    /// What the process does without.
    var notices: [BirthFailure] = []
    /// Whether the logger was asked to let go of its streams.
    var isHurried = false
    /// Who waits for the birth.
    var waiting: [Waiter] = []

    struct Waiter {
        let client: UInt32
        let request: UInt32
    }

    init(kind: UInt32, id: [UInt8], container: [UInt8] = [], serial: UInt32, birthDeadline: UInt64?) {
        self.kind = kind
        self.id = id
        self.container = container
        self.serial = serial
        self.lifecycle = Lifecycle(birthDeadline: birthDeadline)
    }

    deinit {
        if let execCgroup {
            execCgroup.letGo()
            cgroup = -1
        }
        spareCgroup?.letGo()
        for descriptor in [pidfd, channel, cgroup, oomEvents, log, logDirectory, terminal, terminalHold, input]
            + tasks + outputs
        where descriptor >= 0 { close(descriptor) }
    }

    /// Closes what an ended process does not need any more.
    func letGo() {
        letGoOfOutput()
        for descriptor in [cgroup, oomEvents] + tasks where descriptor >= 0 { close(descriptor) }
        (cgroup, oomEvents, tasks) = (-1, -1, [])
    }

    /// Closes the log and the streams that lead to it.
    func letGoOfOutput() {
        for descriptor in [log, logDirectory] + outputs where descriptor >= 0 { close(descriptor) }
        (log, logDirectory, outputs) = (-1, -1, [])
    }

    /// Closes what leads to a container's input, and the hold on its terminal: that ends when the last process has.
    func letGoOfInput() {
        for descriptor in [terminal, terminalHold, input] where descriptor >= 0 { close(descriptor) }
        (terminal, terminalHold, input) = (-1, -1, -1)
    }

    /// Sends a signal to the process itself.
    func signal(_ number: UInt32) { if pidfd >= 0 { _ = system_signal(pidfd, Int32(number)) } }

    /// Kills everything in its cgroup, frozen or not; the process itself in any case.
    func kill() {
        if cgroup >= 0, kind != StateEntry.sandbox {
            let switchFile = system_open(cgroup, "cgroup.kill", O_WRONLY, 0)
            if switchFile >= 0 {
                write(switchFile, "1", 1)
                wasCgroupKilled = true
                close(switchFile)
            }
        }
        signal(9)
    }

    /// Waits for the end of a process that was killed before it was anything, a second at most.
    func reap() -> Bool {
        var (bySignal, status): (Int32, Int32) = (0, 0)
        return system_await_end(pidfd, 1000) == 1 && system_child_ended(pidfd, 1, &bySignal, &status) != 0
    }

    /// OOM kills counted so far.
    func oomKills() -> UInt64 {
        guard oomEvents >= 0 else { return 0 }
        var text = [UInt8](repeating: 0, count: 1024)
        let count = pread(oomEvents, &text, text.count, 0)
        return count > 0 ? countOOMKills(in: text[0..<count]) : 0
    }

    /// What clients are told of it.
    var entry: StateEntry {
        var entry = StateEntry()
        entry.kind = kind
        entry.id = id
        // An exit whose output is still being written is not told yet.
        entry.phase = lifecycle.phase == .exited && drainUntil != nil ? .stopping : lifecycle.phase
        entry.pid = UInt32(pid)
        entry.startedAt = startedAt
        if entry.phase == .exited { entry.exit = exit }
        return entry
    }
}
