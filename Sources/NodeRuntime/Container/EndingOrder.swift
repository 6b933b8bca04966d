import PodModel

extension NodeRuntime {
    /// Waits until the others that end before a container have ended, or its grace is over (kubelet:
    /// `terminationOrdering.waitForTurn`).
    ///
    /// - Returns: what is left of the grace: whole seconds are taken off.
    /// - Throws: `SupervisorError` when the supervisor does not answer; `CancellationError`: the container was asked for nothing
    ///   yet, and the next agent begins anew.
    func waitForTurn(after others: [ContainerID], _ uid: PodUID, within grace: Duration) async throws -> Duration {
        if others.isEmpty || grace <= .zero { return grace }
        let begun = BootTime.now()
        // Before the state is asked for, so that no end falls in between.
        let ends = others.map { (id: $0, end: reports.end(of: $0, in: uid)) }
        let living = Set(try await containerEntries(of: uid).filter(\.isAlive).map(\.instance))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for (id, end) in ends where living.contains(id) { for await _ in end {} }
            }
            // Cut short only by cancellation, which is looked for below.
            group.addTask { try? await Task.sleep(for: grace) }
            _ = await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
        return max(.zero, grace - BootTime.now().wholeSeconds(since: begun))
    }
}

extension BootTime {
    /// Whole seconds since an earlier time, as the kubelet counts what is used of a grace.
    func wholeSeconds(since earlier: BootTime) -> Duration { .seconds((self - earlier).components.seconds) }
}
