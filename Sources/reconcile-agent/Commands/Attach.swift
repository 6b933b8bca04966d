import ArgumentParser
import Glibc
import Linux
import Manifests
import NodeRuntime
import PodModel
import SupervisorCore

/// `attach NAME`: the streams of a container's own process.
struct Attach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Attach to a container that runs.",
        usage: "reconcile-agent attach [-it] [-c <container>] <pod>",
        discussion: """
            Shows what the container's own process writes from now on, and passes standard
            input on where the manifest says "stdin: true". Ends with the container, or with
            the input; the container runs on. Answers whether or not an agent is running.
            """)

    @Argument(help: ArgumentHelp("The Pod's name.", valueName: "pod"))
    var pod: String

    @Option(name: .short("c"), help: ArgumentHelp("The container; by default the first one.", valueName: "name"))
    var container: String?

    @Flag(name: [.customShort("i"), .customLong("stdin")], help: "Pass standard input on.")
    var passesInput = false

    @Flag(name: [.customShort("t"), .customLong("tty")], help: "Standard input is a terminal.")
    var wantsTerminal = false

    @Flag(name: .shortAndLong, help: "Print nothing but what the container writes.")
    var quiet = false

    @Option(help: ArgumentHelp("What ends the session on a terminal.", valueName: "keys"))
    var detachKeys: String = DetachKeys.usual

    @OptionGroup var namespace: NamespaceOption
    @OptionGroup(title: "Node options") var node: NodeOptions

    func run() async throws {
        let node = try NodeGlance(node.readablePaths(for: "attach"))
        let observed = try await node.pod(named: PodName(namespace: try namespace.name(), name: podName(pod)))
        if let phase = observed.record.finalPhase {
            throw CommandFailure(
                .notFound, "cannot attach a container in a completed pod; current phase is \(phase.rawValue)")
        }
        let target = try container(of: observed.record.accepted.pod)
        let isRaw = usesTerminal(target)
        let keys = try isRaw ? detaching() : nil
        let attachment = try await attachment(to: target.name, of: observed, in: node.view)
        if !quiet {
            write(
                standardError: """
                    All commands and output from this session will be recorded in container logs, including credentials and \
                    sensitive information passed through the command prompt.
                    If you don't see a command prompt, try pressing enter.

                    """)
        }
        let isHeard = passesInput && attachment.input != .none
        if passesInput, !isHeard, !quiet { write(standardError: deafness(of: target)) }
        let session = AttachSession(
            attachment: attachment,
            // A terminal that nobody reads from is looked at for its signs of the end (detach keys).
            streams: .init(input: isHeard || isRaw ? STDIN_FILENO : -1, output: STDOUT_FILENO, error: STDERR_FILENO),
            isRaw: isRaw, detachKeys: keys)
        try report(try await session.run(), target.name, observed.record.accepted.name, isRaw: isRaw)
    }

    /// The container, as kubectl finds it.
    private func container(of pod: Pod) throws -> Container {
        if let container, pod.spec.container(container) == nil {
            throw CommandFailure(
                .notFound,
                "cannot attach to the container: container \(container) not found in pod \(pod.metadata.name)")
        }
        let choice = try ContainerChoice(container, of: pod)
        if let notice = choice.notice, !quiet { write(standardError: notice + "\n") }
        guard let found = pod.spec.container(choice.name) else {
            throw CommandFailure(.notFound, "pod \(pod.metadata.name) has no containers")
        }
        return found
    }

    /// Whether our terminal is passed through to the container's, which must have one.
    private func usesTerminal(_ target: Container) -> Bool {
        if wantsTerminal, !target.tty, !quiet {
            write(standardError: "error: Unable to use a TTY - container \(target.name) did not allocate one\n")
        }
        // Of a container with a terminal ours is used without -t too (kubectl).
        guard target.tty, passesInput else { return false }
        if isatty(STDIN_FILENO) == 1 { return true }
        if !quiet {
            write(standardError: "Unable to use a TTY - input is not a terminal or the right kind of file\n")
        }
        return false
    }

    /// Why what is typed reaches nobody.
    private func deafness(of target: Container) -> String {
        let reason =
            target.stdin
            ? "it has ended with the first who attached (stdinOnce)" : "its manifest has no \"stdin: true\""
        return "warning: container \(target.name) reads no standard input: \(reason)\n"
    }

    private func detaching() throws -> DetachKeys {
        guard let keys = DetachKeys(parsing: detachKeys.isEmpty ? DetachKeys.usual : detachKeys) else {
            throw CommandFailure(
                .usage, "could not bind detach keys: \"\(detachKeys)\"", hint: "write keys like ctrl-p,ctrl-q")
        }
        return keys
    }

    private func attachment(
        to container: String, of observed: ObservedPod, in view: NodeView
    ) async throws -> ContainerAttachment {
        do {
            return try await view.attach(to: container, of: observed.uid, wantsInput: passesInput)
        } catch NodeRuntimeError.noContainer {
            let name = observed.record.accepted.name
            throw CommandFailure(
                .notFound,
                "unable to upgrade connection: container \(container) not found in pod \(name.name)_\(name.namespace)",
                hint: "it does not run now: reconcile-agent get pod \(name.name) -n \(name.namespace)")
        } catch let error as NodeRuntimeError {
            throw CommandFailure(.notFound, "\(error)", hint: "reconcile-agent get pods -A shows what runs")
        } catch SupervisorError.failed(let failure) {
            let isOld = failure.stage == RequestFailure.unknownMessage
            throw CommandFailure(
                .actionFailed, failure.sentence, hint: isOld ? "delete and push the Pod again to attach to it" : nil)
        }
    }

    private func report(_ end: AttachRelay.End, _ container: String, _ pod: PodName, isRaw: Bool) throws {
        switch end {
        case .brokeOff:
            throw CommandFailure(
                .actionFailed, "the output of container \(container) broke off", hint: "attach again")
        case .refused:
            throw CommandFailure(
                .actionFailed,
                "\(AttachPacket.readerLimit) are attached to container \(container) already, which is the most")
        case .container, .input:
            guard isRaw, !quiet else { return }
            write(
                standardOutput: """
                    Session ended, resume using 'reconcile-agent attach \(pod.name) -c \(container) -n \(pod.namespace) -i -t' \
                    command

                    """)
        }
    }
}
