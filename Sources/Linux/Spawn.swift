import CLinux
import Glibc

/// How a process ended.
public enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    /// It returned this code.
    case exited(Int32)
    /// This signal ended it.
    case signaled(Int32)

    /// Reads the `status` that wait(2) fills in.
    init(waitStatus status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited((status >> 8) & 0xff) : .signaled(signal)
    }

    /// `exit code 3` or `signal 9 (Killed)`.
    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): "signal \(signal)\(strsignal(signal).map { " (\(String(cString: $0)))" } ?? "")"
        }
    }
}

/// A child of this process that was started and not yet waited for.
///
/// Letting go of the value neither ends nor reaps the child; a daemon that outlives this process is reaped by init.
public struct ChildProcess: ~Copyable, Sendable {
    /// The process id, which is also the id of its session and process group. It stays the child's until `reap()`.
    public let pid: pid_t
    /// Readable once the child has ended.
    public let pidfd: Descriptor

    /// Like `reap`, for an owner that cannot give the value away; to be called once.
    @discardableResult
    public borrowing func wait() throws(SystemError) -> ExitStatus {
        var status: Int32 = 0
        let pid = pid
        try retrying("waitpid", String(pid)) { waitpid(pid, &status, 0) }
        return ExitStatus(waitStatus: status)
    }

    /// Waits, blocking this thread, until the child has ended, and frees its process id.
    @discardableResult
    public consuming func reap() throws(SystemError) -> ExitStatus {
        var status: Int32 = 0
        let pid = pid
        try retrying("waitpid", String(pid)) { waitpid(pid, &status, 0) }
        return ExitStatus(waitStatus: status)
    }

    /// Kills the child and everything that stayed in its process group.
    public borrowing func killGroup() {
        // The unreaped child keeps the group's id from being used again; ESRCH means that nothing is left to kill.
        kill(-pid, SIGKILL)
    }
}

/// Starts a program without forking this process, in a session and process group of its own.
///
/// The child shares nothing by accident: signal mask and handlers are reset, and every descriptor that `descriptors`
/// does not name is closed. Of 0, 1 and 2, those not named are /dev/null.
///
/// - Parameters:
///   - executable: path of the program; `/proc/self/exe` is this program.
///   - arguments: what follows the program's own name.
///   - environment: the child's variables; nil passes on this process's.
///   - descriptors: the child's descriptor number → ours. Ours stay open here.
/// - Throws: `SystemError`, also when the program is missing or cannot be executed.
public func spawn(
    executable: String, arguments: [String] = [], environment: [String: String]? = nil,
    descriptors: [Int32: Int32] = [:]
) throws(SystemError) -> ChildProcess {
    let count = max(3, (descriptors.keys.max() ?? 0) + 1)
    let numbers = (0..<count).map { descriptors[$0] ?? -1 }
    let variables = environment?.map { "\($0.key)=\($0.value)" }.sorted()
    var pid: pid_t = 0
    let code = withCStrings([executable] + arguments) { arguments in
        withOptionalCStrings(variables) { clinux_spawn(&pid, executable, arguments, $0, numbers, count) }
    }
    if code != 0 { throw SystemError("posix_spawn", executable, code: code) }
    do {
        return ChildProcess(pid: pid, pidfd: Descriptor(owning: try retrying("pidfd_open") { clinux_pidfd_open(pid) }))
    } catch {
        // Without a descriptor (EMFILE) nobody could watch the child.
        kill(-pid, SIGKILL)
        waitpid(pid, nil, 0)
        throw error
    }
}

/// Ties this process's life to its parent's: the first act of a worker's main.
///
/// The kernel kills this process when the thread that started it ends. If the parent was gone before that was
/// arranged, this does not return: the parent alone holds the other end of the pipe on standard output, so a pipe
/// without a reader says the same as a changed getppid(2), and says it in every PID namespace.
public func dieWithParent() {
    var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    if clinux_die_with_parent() != 0 || (poll(&output, 1, 0) > 0 && output.revents & Int16(POLLERR) != 0) {
        kill(getpid(), SIGKILL)
    }
}

private typealias CStrings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

private func withOptionalCStrings<Result>(_ strings: [String]?, _ body: (CStrings?) -> Result) -> Result {
    guard let strings else { return body(nil) }
    return withCStrings(strings) { body($0) }
}

/// A null-terminated array of C strings, valid during `body`.
private func withCStrings<Result>(_ strings: [String], _ body: (CStrings?) -> Result) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress) }
}
