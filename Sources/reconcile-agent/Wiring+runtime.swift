import Linux
import NodeRuntime
import PodModel

extension Node {
    /// The built-in runtime of a node.
    static func runtime(as identity: NodeIdentity, in directories: NodeDirectories) throws -> any PodRuntime {
        RuntimeToCome()
    }

    /// Gives back what a node used of the machine once its Pods have ended: bridge, cgroup parent, run directory.
    static func clear(_ identity: NodeIdentity, in directories: NodeDirectories) async throws {}

    /// Runs a program in a container, with this process's standard streams or a terminal of its own.
    ///
    /// - Returns: the program's exit code.
    func exec(
        _ command: [String], in container: String, of pod: ObservedPod, passesInput: Bool, hasTerminal: Bool
    ) async throws -> Int32 {
        throw CommandFailure(.actionFailed, "exec is not possible yet")
    }
}

/// Stands in until the built-in runtime is wired: no Pods, and every action fails.
private struct RuntimeToCome: PodRuntime {
    let events = AsyncStream<RuntimeEvent> { _ in }

    func observe() async throws -> [ObservedPod] { [] }
    func observe(_ uid: PodUID) async throws -> ObservedPod? { nil }
    func register(_ pods: [AcceptedPod]) async throws {}
    func update(_ pods: [AcceptedPod]) async throws {}
    func markDeleted(_ pods: [PodUID: DeletionRecord]) async throws {}
    func perform(_ action: PodAction, on uid: PodUID) async throws -> ActionDetail {
        throw ActionFailure(reason: "Failed", message: "there is no runtime yet")
    }
}
