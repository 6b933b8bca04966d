import Linux
import PodModel
import SupervisorCore

/// What a running container writes from now on, and its standard input: by its supervisor's hand and without the agent's.
public final class ContainerAttachment: Sendable {
    /// What becomes of what is written to it.
    public enum Input: Sendable, Hashable {
        /// Nothing is read: it has no open input, or somebody else has had it.
        case none
        /// It goes on being open when who writes to it goes.
        case stays
        /// It ends when who writes to it goes.
        case endsWithUs
    }

    /// What becomes of what is written.
    public let input: Input
    /// Whether the container has a terminal; what is written to then is its other side, and what it shows is output.
    public let isTerminal: Bool
    private let descriptors: DescriptorBag

    /// Takes the socket that the output comes on, in packets (`AttachPacket`); nil when it was taken before.
    public func takeOutput() -> Descriptor? { descriptors.take(0) }

    /// Takes what is written to, or a terminal's other side, which says its size too; never to be read from: that is the
    /// log's. Nil when there is none, or it was taken before.
    public func takeInput() -> Descriptor? { descriptors.take(1) }

    fileprivate init(_ attached: Supervisor.Attached) {
        isTerminal = attached.answer.isTerminal
        input =
            switch attached.answer.input {
            case .empty: .none
            case .open: .stays
            case .once: .endsWithUs
            }
        descriptors = attached.descriptors
    }
}

extension NodeView {
    /// Attaches to a container that runs.
    ///
    /// - Parameter wantsInput: whether its standard input is wanted too.
    /// - Throws: `NodeRuntimeError.noContainer` when the container does not run, `SupervisorError.failed` when the
    ///   supervisor refuses.
    public func attach(
        to container: String, of uid: PodUID, wantsInput: Bool
    ) async throws -> ContainerAttachment {
        guard let pod = try await observe(uid) else { throw NodeRuntimeError.unknownPod(uid) }
        guard case .running(let target, _) = pod.containers[container] else {
            throw NodeRuntimeError.noContainer(name: container, pod: pod.record.accepted.name)
        }
        let supervisor = try await Supervisor.connect(directory: paths.run(of: uid), poller: poller)
        // What came along is ours, whatever becomes of the conversation.
        defer { supervisor.disconnect() }
        return ContainerAttachment(try await supervisor.attach(to: target.text, wantsInput: wantsInput))
    }
}
