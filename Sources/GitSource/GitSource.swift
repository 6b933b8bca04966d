import Linux

/// Follows one ref of one repository.
///
/// Everything that talks to a repository happens in a worker process with a deadline, because libgit2 has none of its
/// own: a server that falls silent, a dead network file system or a damaged object end the worker, not the agent.
public actor GitSource {
    /// What is followed.
    public nonisolated let remote: GitRemote
    private let clone: String
    private let worker: WorkerCommand
    private let timeout: Duration
    private let limits: SourceLimits

    /// Follows `remote`.
    ///
    /// - Parameters:
    ///   - clone: directory of the bare clone, made when needed; its parent must exist.
    ///   - worker: how to start the program that calls `GitWorker.run()`.
    ///   - timeout: for each single question to the repository.
    public init(
        remote: GitRemote, clone: String, worker: WorkerCommand, timeout: Duration,
        limits: SourceLimits = SourceLimits()
    ) {
        self.remote = remote
        self.clone = clone
        self.worker = worker
        self.timeout = timeout
        self.limits = limits
    }

    /// The commit that the ref points to now: the cheap question whether anything moved. Reads refs, no objects.
    ///
    /// A commit given by its digits never moves, and is answered without asking.
    ///
    /// - Throws: `GitSourceError`, or `CancellationError`.
    public func head() async throws -> Revision {
        if let pinned = Revision(remote.ref) { return pinned }
        switch try await ask(.head) {
        case .head(let revision): return revision
        case .failure(let error): throw error
        case .snapshot: throw GitSourceError.workerFailed(reason: "it answered another question")
        }
    }

    /// Fetches what the ref points to now into the clone, and reads its manifests.
    ///
    /// - Throws: `GitSourceError`, or `CancellationError`.
    public func snapshot() async throws -> SourceSnapshot {
        switch try await ask(.snapshot) {
        case .snapshot(let snapshot): return snapshot
        case .failure(let error): throw error
        case .head: throw GitSourceError.workerFailed(reason: "it answered another question")
        }
    }

    private func ask(_ question: GitRequest.Question) async throws -> GitAnswer {
        let request = GitRequest(question: question, remote: remote, clone: clone, limits: limits)
        let output: WorkerOutput
        do {
            output = try await worker.run(input: encoded(request), timeout: timeout)
        } catch let error as WorkerError {
            if case .timedOut = error { throw GitSourceError.timedOut(url: redacted(remote.url), after: timeout) }
            throw GitSourceError.workerFailed(reason: error.description)
        }
        guard output.status == .exited(0), let answer = try? decoded(GitAnswer.self, from: output.standardOutput) else {
            throw GitSourceError.workerFailed(reason: Self.lastWords(of: output))
        }
        return answer
    }

    private static func lastWords(of output: WorkerOutput) -> String {
        let words = String(decoding: output.standardError, as: UTF8.self).split(whereSeparator: \.isNewline)
        return "it ended with \(output.status)" + (words.last.map { " and said: \($0)" } ?? "")
    }
}
