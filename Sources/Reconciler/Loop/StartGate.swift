/// Bounds how many births happen at once; the others wait in line.
actor StartGate {
    private var free: Int
    private var line: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    private var nextTicket = 0

    init(width: Int) { free = max(1, width) }

    /// Runs `body` once there is room.
    ///
    /// - Throws: what `body` throws, or `CancellationError` if the task is cancelled while it waits.
    nonisolated func pass<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        try await enter()
        do {
            let value = try await body()
            await leave()
            return value
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async throws {
        try Task.checkCancellation()
        if free > 0 {
            free -= 1
            return
        }
        let ticket = nextTicket
        nextTicket += 1
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    line.append((ticket, continuation))
                }
            }
        } onCancel: {
            Task { await self.giveUp(ticket) }
        }
    }

    private func leave() {
        if line.isEmpty { free += 1 } else { line.removeFirst().continuation.resume() }
    }

    private func giveUp(_ ticket: Int) {
        guard let place = line.firstIndex(where: { $0.ticket == ticket }) else { return }
        line.remove(at: place).continuation.resume(throwing: CancellationError())
    }
}
