import PodModel
import SupervisorCore

extension NodeRuntime {
    /// Waits until the others that end before a container have ended, or its grace is over (kubelet:
    /// `terminationOrdering.waitForTurn`).
    ///
    /// - Returns: what is left of the grace: whole seconds are taken off.
    /// - Throws: `CancellationError`: the container was asked for nothing yet, and the next agent begins anew.
    func waitForTurn(after others: [ContainerID], _ uid: PodUID, within grace: Duration) async throws -> Duration {
        if others.isEmpty || grace <= .zero { return grace }
        let begun = BootTime.now()
        // Before the state is asked for, so that no end falls in between.
        let ends = others.map { (id: $0, end: reports.end(of: $0, in: uid)) }
        let living = await phases(of: uid).filter { $0.value != .exited }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for (id, end) in ends where living[id] != nil { for await _ in end {} }
            }
            // Cut short only by cancellation, which is looked for below.
            group.addTask { try? await Task.sleep(for: grace) }
            _ = await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
        return max(.zero, grace - BootTime.now().wholeSeconds(since: begun))
    }

    /// Where the processes of a Pod's containers stand; empty where nobody can be asked.
    func phases(of uid: PodUID) async -> [ContainerID: ProcessPhase] {
        let state = try? await connections.ask(uid) { try await $0.currentState() }
        let phases = (state.flatMap { $0 } ?? []).map {
            (ContainerID(String(decoding: $0.id, as: UTF8.self)), $0.phase)
        }
        return Dictionary(phases, uniquingKeysWith: { $1 })
    }
}

extension BootTime {
    /// Whole seconds since an earlier time, as the kubelet counts what is used of a grace.
    func wholeSeconds(since earlier: BootTime) -> Duration { .seconds((self - earlier).components.seconds) }
}
