import ImageStore

/// Pulls in their turn: one for each image, however many wait for it. It is given up once nobody waits any more.
actor SharedPulls {
    typealias Work = @Sendable () async throws -> StoredImage

    /// Who pulls the same with the same credentials shares a pull.
    struct Key: Hashable {
        let image: ImageReference
        let secrets: [PullSecrets.File]
    }

    /// What came of a pull.
    struct Transfer: Sendable {
        let image: StoredImage
        /// Without the time that it waited for its turn.
        let took: Duration
    }

    private struct Pull {
        let number: Int
        let work: Work
        var task: Task<Void, Never>?
        var waiting: [Int: CheckedContinuation<Transfer, any Error>] = [:]
    }

    private var pulls: [Key: Pull] = [:]
    private var line: [Key] = []
    private var free: Int
    private var next = 0

    /// - Parameter width: how many go on at once.
    init(width: Int) { free = max(1, width) }

    /// How many wait for an image.
    func waiters(of key: Key) -> Int { pulls[key]?.waiting.count ?? 0 }

    /// Joins the pull of an image, or begins it.
    ///
    /// - Throws: what `work` throws; `CancellationError` when the caller is cancelled, whatever becomes of the pull.
    func transfer(of key: Key, _ work: @escaping Work) async throws -> Transfer {
        try Task.checkCancellation()
        next += 1
        let ticket = next
        if pulls[key] == nil {
            pulls[key] = Pull(number: ticket, work: work)
            line.append(key)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                pulls[key]?.waiting[ticket] = continuation
                if Task.isCancelled { giveUp(ticket, of: key) }
                startNext()
            }
        } onCancel: {
            Task { await self.giveUp(ticket, of: key) }
        }
    }

    private func startNext() {
        while free > 0, !line.isEmpty {
            let key = line.removeFirst()
            guard let pull = pulls[key], pull.task == nil else { continue }
            free -= 1
            pulls[key]?.task = Task {
                let begun = ContinuousClock.now
                let result: Result<Transfer, any Error>
                do {
                    result = .success(Transfer(image: try await pull.work(), took: ContinuousClock.now - begun))
                } catch { result = .failure(error) }
                finish(pull.number, of: key, result)
            }
        }
    }

    private func finish(_ number: Int, of key: Key, _ result: Result<Transfer, any Error>) {
        free += 1
        // One that was given up may have a successor by now.
        if let pull = pulls[key], pull.number == number {
            pulls[key] = nil
            for continuation in pull.waiting.values { continuation.resume(with: result) }
        }
        startNext()
    }

    private func giveUp(_ ticket: Int, of key: Key) {
        guard let continuation = pulls[key]?.waiting.removeValue(forKey: ticket) else { return }
        continuation.resume(throwing: CancellationError())
        guard let pull = pulls[key], pull.waiting.isEmpty else { return }
        pulls[key] = nil
        pull.task?.cancel()
    }
}
