import Foundation
import Glibc
import Linux
import Patience
import PodModel

/// A running `test-node`, driven line by line.
public final class TestAgent: Sendable {
    private let process: ChildProcess
    private let input: Descriptor
    private let output: Descriptor
    /// How it began: `ready`, or why not.
    public let greeting: NodeAnswer

    /// A test that kills its agent while it asks it something is told so by EPIPE, not killed by SIGPIPE itself.
    private static let brokenPipesAreErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    init(_ executable: String, _ arguments: [String]) throws {
        Self.brokenPipesAreErrors
        let input = try Linux.Pipe()
        let output = try Linux.Pipe()
        process = try spawn(
            executable: executable, arguments: arguments,
            descriptors: [0: input.reading.raw, 1: output.writing.raw, 2: 2])
        self.input = input.intoWriting()
        self.output = output.intoReading()
        greeting = try Self.answer(from: self.output)
    }

    /// The agent's process number.
    public var pid: pid_t { process.pid }

    /// Asks, and waits for the answer.
    public func callAsFunction(_ call: NodeCall) throws -> NodeAnswer {
        try input.writeAll(JSONEncoder().encode(call) + Array("\n".utf8))
        return try Self.answer(from: output)
    }

    private static func answer(from output: borrowing Descriptor) throws -> NodeAnswer {
        guard let line = try output.readLine() else { throw TestNode.Problem(description: "the agent ended") }
        return try JSONDecoder().decode(NodeAnswer.self, from: Data(line.utf8))
    }

    /// Kills it as a power button would; its Pods go on.
    public func kill() throws {
        Glibc.kill(process.pid, SIGKILL)
        try process.wait()
    }
}

extension TestAgent {
    /// Carries out an action, and says how long it took.
    @discardableResult
    public func perform(_ action: PodAction, _ uid: PodUID) throws -> (detail: String, took: Duration) {
        switch try self(.perform(action, uid)) {
        case .done(let detail, let took): return (detail, .nanoseconds(took))
        case .failed(let reason, let message): throw ActionFailure(reason: reason, message: message)
        case let other: throw TestNode.Problem(description: "\(action) was answered by \(other)")
        }
    }

    /// Asks for something that has no answer.
    public func ask(_ call: NodeCall) throws {
        if case .failed(let reason, let message) = try self(call) {
            throw TestNode.Problem(description: "\(reason) \(message)")
        }
    }

    /// One Pod; nil when it has no record.
    public func observe(_ uid: PodUID) throws -> ObservedPod? {
        guard case .pods(let pods) = try self(.observe(uid)) else { return nil }
        return pods.first
    }

    /// Observes until the Pod is as wanted, for at most ten seconds.
    public func observe(_ uid: PodUID, until isWanted: (ObservedPod) -> Bool) throws -> ObservedPod {
        for _ in 0..<1000 * patience {
            if let pod = try observe(uid), isWanted(pod) { return pod }
            usleep(10_000)
        }
        throw TestNode.Problem(description: "Pod \(uid) never became what it should: \(try observe(uid) as Any)")
    }
}
