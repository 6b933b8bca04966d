import ArgumentParser
import Glibc
import Linux
import NodeRuntime
import PodModel
import SupervisorCore

/// `exec NAME -- COMMAND`: runs a program inside a running container.
struct Exec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a program in a container.",
        usage: "reconcile-agent exec [-it] [-c <container>] <pod> -- <command> ...",
        discussion: """
            Ends with the program's exit code; 128 and the signal's number when a signal
            ended it. Answers whether or not an agent is running.
            """)

    @Argument(help: ArgumentHelp("The Pod's name.", valueName: "pod"))
    var pod: String

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program and its arguments.", valueName: "command"))
    var command: [String] = []

    @Option(name: .short("c"), help: ArgumentHelp("The container; by default the first one.", valueName: "name"))
    var container: String?

    @Flag(name: [.customShort("i"), .customLong("stdin")], help: "Pass standard input on.")
    var passesInput = false

    @Flag(name: [.customShort("t"), .customLong("tty")], help: "Give the program a terminal.")
    var wantsTerminal = false

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func validate() throws {
        guard command.isEmpty else { return }
        throw ValidationError("you must specify at least one command for the container")
    }

    func run() async throws {
        let node = try NodeGlance(node.readablePaths(for: "exec"))
        let observed = try await node.pod(named: PodName(namespace: try namespace.name(), name: podName(pod)))
        if let phase = observed.record.finalPhase {
            throw CommandFailure(
                .notFound, "cannot exec into a container in a completed pod; current phase is \(phase.rawValue)")
        }
        let choice = try ContainerChoice(container, of: observed.record.accepted.pod)
        if let notice = choice.notice { write(standardError: notice + "\n") }
        let session = ExecSession(view: node.view, passesInput: passesInput)
        let code: Int32
        do {
            code =
                usesTerminal()
                ? try await session.runWithTerminal(command, in: choice.name, of: observed.uid)
                : try await session.runWithStreams(command, in: choice.name, of: observed.uid)
        } catch NodeRuntimeError.noContainer {
            throw CommandFailure(
                .notFound, "unable to upgrade connection: container not found (\"\(choice.name)\")",
                hint: "it does not run now: reconcile-agent get pod \(observed.record.accepted.name.name) -n "
                    + observed.record.accepted.name.namespace)
        } catch let error as NodeRuntimeError {
            throw CommandFailure(.notFound, "\(error)", hint: "reconcile-agent get pods -A shows what runs")
        } catch SupervisorError.failed(let failure) {
            // As shells say it: 127 not found, 126 found and not to be run.
            write(standardError: "error: \(failure.sentence)\n")
            throw ExitCode(failure.error == UInt32(ENOENT) ? 127 : 126)
        }
        if code != 0 { write(standardError: "command terminated with exit code \(code)\n") }
        throw ExitCode(code)
    }

    /// A terminal makes sense only where input is one (kubectl).
    private func usesTerminal() -> Bool {
        guard wantsTerminal, passesInput, isatty(STDIN_FILENO) != 1 else { return wantsTerminal }
        write(standardError: "Unable to use a TTY - input is not a terminal or the right kind of file\n")
        return false
    }
}
