import PodModel
import SupervisorCore

extension NodeRuntime {
    /// What a Pod's supervisor knows of its containers; nothing where there is no supervisor: its death is theirs.
    ///
    /// - Throws: `SupervisorError` when it does not answer.
    func containerEntries(of uid: PodUID) async throws -> [StateEntry] {
        let state = try await connections.ask(uid) { try await $0.currentState() } ?? []
        return state.filter { $0.kind == StateEntry.container }
    }
}

extension StateEntry {
    /// The instance, of a container.
    var instance: ContainerID { ContainerID(String(decoding: id, as: UTF8.self)) }

    /// Whether its process lives, be it asked to stop or not.
    var isAlive: Bool { phase == .running || phase == .stopping }
}
