import ArgumentParser
import Glibc
import Linux
import NodeRuntime

/// The command line: `reconcile-agent VERB`.
@main
struct ReconcileAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile-agent",
        abstract: "A kubelet without Kubernetes, driven by Git.",
        discussion: """
            The agent follows a Git repository of ordinary Kubernetes manifests and makes
            this node run what they say.

            Every option --some-name can be set by the variable RECONCILE_AGENT_SOME_NAME,
            or by a line "some-name: value" in /etc/reconcile-agent/config.yaml (--config).
            The command line wins over the variable, the variable over the file.
            """,
        groupedSubcommands: [
            CommandGroup(name: "Run", subcommands: [Reconcile.self, Validate.self, Diff.self, Sync.self, Down.self]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    Get.self, Describe.self, Top.self, Logs.self, Exec.self, Attach.self, Events.self, History.self,
                    Why.self, Status.self,
                ]),
            CommandGroup(name: "Other", subcommands: [Image.self, Doctor.self, Version.self]),
            CommandGroup(name: "Internal", subcommands: [Worker.self]),
        ])

    static var _errorLabel: String { "error" }

    /// Parses and runs; ends with the exit codes that docs/operations.md lists.
    static func main() async {
        do {
            let settings = try parseAsRoot().nodeOptions.flatMap { try ConfigFile.load($0.config) }
            try await ConfigFile.$current.withValue(settings) { try await runAsRoot() }
        } catch {
            Glibc.exit(report(error))
        }
    }

    private static func runAsRoot() async throws {
        var command = try parseAsRoot()
        if command is Exec || command is Attach { TerminalRelay.reserveSizeChanges() }
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }

    /// Says what went wrong, where people expect it, and gives the exit code.
    private static func report(_ error: any Error) -> Int32 {
        switch error {
        case let failure as CommandFailure:
            write(standardError: "\(failure)\n")
            return failure.status.rawValue
        case is NodeRuntimeError:
            write(standardError: "error: \(error)\n")
            return ExitStatus.usage.rawValue
        case let code as ExitCode:
            return code.rawValue
        case let error as SystemError where [EROFS, ENOSPC, EDQUOT].contains(error.code):
            write(
                standardError: """
                    error: what this node must keep cannot be written: \(error)
                      hint: make room, or choose another --state-dir; reconcile-agent doctor says more

                    """)
            return ExitStatus.usage.rawValue
        default:
            break
        }
        // A mistake on the command line, or a request for help: the parser words both.
        switch exitCode(for: error) {
        case .success:
            write(standardOutput: fullMessage(for: error) + "\n")
            return ExitStatus.success.rawValue
        case .validationFailure:
            write(standardError: fullMessage(for: error) + "\n")
            return ExitStatus.usage.rawValue
        default:
            write(standardError: "error: \(error)\n")
            return ExitStatus.actionFailed.rawValue
        }
    }
}
