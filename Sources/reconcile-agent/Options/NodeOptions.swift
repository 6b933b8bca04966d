import ArgumentParser
import Glibc
import NodeRuntime

/// Where this node keeps what it knows: shared by every verb.
struct NodeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What outlives a reboot. (default: /var/lib/reconcile-agent)", valueName: "dir"))
    var stateDir: String?

    @Option(help: ArgumentHelp("What dies with the boot. (default: /run/reconcile-agent)", valueName: "dir"))
    var runDir: String?

    @Option(help: ArgumentHelp("Logs of containers. (default: /var/log/pods)", valueName: "dir"))
    var logDir: String?

    @Option(
        help: ArgumentHelp("Settings. (default: /etc/reconcile-agent/config.yaml)", valueName: "file"))
    var config: String?

    /// The directories, each an absolute path: as given, else as this node had them before, else the defaults.
    func paths() throws -> NodePaths {
        let state = try absolutePath(setting(stateDir, "state-dir", default: "/var/lib/reconcile-agent"))
        // Who may not read the state directory is told so by the verb.
        let before = try? NodeIdentity.load(below: state)
        return NodePaths(
            stateDirectory: state,
            runDirectory: try absolutePath(
                setting(runDir, "run-dir", default: before?.runDirectory ?? "/run/reconcile-agent")),
            logDirectory: try absolutePath(setting(logDir, "log-dir", default: before?.logDirectory ?? "/var/log/pods"))
        )
    }

    /// The directories, for a verb that only looks. What they hold is root's to read; a verb that may not read it would
    /// say that nothing is there.
    ///
    /// - Throws: `CommandFailure` (usage) when this process may not read the state directory.
    func readablePaths(for verb: String) throws -> NodePaths {
        let paths = try paths()
        guard access(paths.stateDirectory, R_OK | X_OK) != 0, errno == EACCES else { return paths }
        throw CommandFailure(
            .usage, "\(verb) must run as root: what it needs is in \(paths.stateDirectory), which only root may read",
            hint: "sudo reconcile-agent \(verb) ...")
    }
}
