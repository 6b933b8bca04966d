import ImageStore
import Linux
import Manifests
import PodModel
import SupervisorCore
import Synchronization

/// What an exec's process reads and writes: descriptors of the caller's, which stay the caller's. With a terminal
/// there are none: the process gets one end of it, the caller the other.
public enum ExecStreams: Sendable, Hashable {
    /// Three descriptors; nil is /dev/null.
    case descriptors(input: Int32?, output: Int32?, error: Int32?)
    /// A terminal of the container's own.
    case terminal(TerminalSize)
}

/// One more process in a container, by its supervisor's hand and without the agent's.
public final class ContainerExec: Sendable {
    /// The process's number on the node.
    public let pid: Int32
    private let id: String
    private let supervisor: Supervisor
    private let master: DescriptorBag
    private let exits: AsyncStream<Exit>

    /// Takes the terminal's master; nil when there is none, or it was taken before.
    public func takeTerminal() -> Descriptor? { master.take(0) }

    /// Sends a signal to the process.
    public func signal(_ number: Int32) async throws { try await supervisor.signal(exec: id, number) }

    /// Waits for the process's end; to be called once.
    ///
    /// - Returns: its exit code; 128 and the signal's number when a signal ended it.
    /// - Throws: `SupervisorError.gone` when the Pod ended first.
    public func exitCode() async throws -> Int32 {
        for await exit in exits where exit.id.elementsEqual(id.utf8) {
            // The supervisor forgets it with us, should this not arrive any more.
            try? await supervisor.acknowledge(exec: id)
            supervisor.disconnect()
            return Int32(clamping: exit.code)
        }
        try Task.checkCancellation()
        throw SupervisorError.gone(directory: supervisor.directory)
    }

    fileprivate init(_ started: Supervisor.Started, _ id: String, _ supervisor: Supervisor, _ exits: AsyncStream<Exit>)
    {
        pid = started.pid
        master = started.descriptors
        self.id = id
        self.supervisor = supervisor
        self.exits = exits
    }

    deinit { supervisor.disconnect() }
}

extension NodeView {
    /// How long the process may take to come to life.
    private static let birthLimit: UInt64 = 30_000

    /// Runs a program in a running container, with the container's environment, user and working directory. When the
    /// caller goes before the program has ended, the program and all that it started are ended.
    ///
    /// - Parameters:
    ///   - timeout: after this long all that the exec started is killed; nil: never.
    /// - Throws: `NodeRuntimeError.noContainer` when the container does not run, `SupervisorError.failed` when the
    ///   program cannot be started.
    public func exec(
        _ command: [String], in container: String, of uid: PodUID, streams: ExecStreams, timeout: Duration? = nil
    ) async throws -> ContainerExec {
        guard let pod = try await observe(uid) else { throw NodeRuntimeError.unknownPod(uid) }
        guard case .running(let target, _) = pod.containers[container] else {
            throw NodeRuntimeError.noContainer(name: container, pod: pod.record.accepted.name)
        }
        let id = randomHexadecimal(digits: 32)
        let (request, descriptors) = try request(command, container, target, pod.record, id, streams, timeout)
        let (exits, end) = AsyncStream.makeStream(of: Exit.self)
        let supervisor = try await Supervisor.connect(directory: paths.run(of: uid), poller: poller) { event in
            switch event {
            case .execExited(let exit): end.yield(exit)
            case .gone: end.finish()
            case .containerExited, .sandboxDied: break
            }
        }
        do {
            let started = try await supervisor.exec(request, descriptors: descriptors)
            return ContainerExec(started, id, supervisor, exits)
        } catch {
            // What did not come to life has an exit nevertheless, which nobody else asks for.
            try? await supervisor.acknowledge(exec: id)
            supervisor.disconnect()
            throw error
        }
    }

    private func request(
        _ command: [String], _ name: String, _ target: ContainerID, _ record: PodRecord, _ id: String,
        _ streams: ExecStreams, _ timeout: Duration?
    ) throws -> (ExecRequest, [Int32]) {
        guard let container = record.accepted.pod.spec.container(name) else {
            throw NodeRuntimeError.noContainer(name: name, pod: record.accepted.name)
        }
        // An image that was removed meanwhile leaves what the manifest says.
        let image = try record.containers[name]?.image.flatMap { try images.image(ImageReference(parsing: $0)) }
        var request = ExecRequest()
        request.container = Array(target.text.utf8)
        request.exec = Array(id.utf8)
        request.endsWithClient = true
        request.deadlineMilliseconds = Self.birthLimit
        request.timeoutMilliseconds = timeout.map { UInt64(max(1, $0.nanoseconds / 1_000_000)) } ?? 0
        var descriptors: [Int32] = []
        var size: TerminalSize?
        switch streams {
        case .terminal(let wanted): size = wanted
        case .descriptors(let input, let output, let error):
            let roles = [
                DescriptorRole.standardInput, DescriptorRole.standardOutput, DescriptorRole.standardError,
            ]
            for (role, number) in zip(roles, [input, output, error]) {
                guard let number else { continue }
                request.roles.append(role)
                descriptors.append(number)
            }
        }
        let plan = try StartPlan(
            container, of: record.accepted.pod, image: image?.config ?? ImageConfig(entrypoint: command),
            sources: VariableSources(of: record, objects: try objects(), leavesOutMissing: true))
        request.process = plan.process(running: command, terminal: size)
        return (request, descriptors)
    }
}
