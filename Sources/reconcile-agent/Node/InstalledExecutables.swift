import Glibc
import NodeRuntime

/// The programs that every Pod has one of, which are installed beside this one.
///
/// - Throws: `CommandFailure` (usage) when one is not there.
func installedExecutables() throws -> NodeConfiguration.Executables {
    guard let resolved = realpath("/proc/self/exe", nil) else {
        throw CommandFailure(.usage, "this program cannot find itself: /proc is not mounted")
    }
    defer { free(resolved) }
    let directory = String(cString: resolved).split(separator: "/").dropLast().map { "/\($0)" }.joined()
    let programs = ["pod-supervisor", "pause"].map { "\(directory)/\($0)" }
    for program in programs where access(program, X_OK) != 0 {
        throw CommandFailure(.usage, "\(program) is missing", hint: "install it beside reconcile-agent")
    }
    return NodeConfiguration.Executables(supervisor: programs[0], pause: programs[1])
}
