import ArgumentParser
import Glibc
import Linux
import NodeRuntime
import PodModel

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

    @Option(name: .shortAndLong, help: ArgumentHelp("The container; by default the first one.", valueName: "name"))
    var container: String?

    @Flag(name: [.customShort("i"), .customLong("stdin")], help: "Pass standard input on.")
    var passesInput = false

    @Flag(name: [.customShort("t"), .customLong("tty")], help: "Give the program a terminal.")
    var wantsTerminal = false

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func validate() throws {
        guard command.isEmpty else { return }
        throw ValidationError("you must specify at least one command for the container, after --")
    }

    func run() async throws {
        let node = try Node.reading(node.directories())
        let observed = try await node.pod(named: PodName(namespace: try namespace.name(), name: podName(pod)))
        let choice = try ContainerChoice(container, of: observed.record.accepted.pod)
        if let notice = choice.notice { write(standardError: notice + "\n") }
        guard case .running = observed.containers[choice.name] else {
            throw CommandFailure(
                .notFound, "container \(choice.name) of pod \(pod) is not running",
                hint: "reconcile-agent get pod \(pod) -n \(observed.record.accepted.name.namespace)")
        }
        let code = try await node.exec(
            command, in: choice.name, of: observed, passesInput: passesInput, hasTerminal: usesTerminal())
        throw ExitCode(code)
    }

    /// A terminal makes sense only where input is one (kubectl).
    private func usesTerminal() -> Bool {
        guard wantsTerminal, passesInput, !RawTerminal.isTerminal(STDIN_FILENO) else { return wantsTerminal }
        write(standardError: "Unable to use a TTY - input is not a terminal or the right kind of file\n")
        return false
    }
}
