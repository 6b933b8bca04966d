import Glibc
import Linux
import Manifests

/// Follows one ref of one repository.
///
/// Everything that talks to a repository happens in a worker process with a deadline for each question, because libgit2
/// has none of its own: a server that falls silent, a dead network file system or a damaged object end the worker, not the agent. The
/// one exception is where a branch of a repository on this machine points: that is one small file, read on a thread.
public actor GitSource {
    /// What is followed.
    public nonisolated let remote: GitRemote
    private let clone: String
    private let worker: ResidentWorker
    private let timeout: Duration
    private let limits: SourceLimits
    /// What was read last, so that only what changed is read and sent again.
    private var memory: Memory?
    /// What the ref held when it was last resolved, and the commit that this led to.
    private var resolved: ResolvedRef?
    /// A file system that once kept a thread waiting is left to workers, which can be killed.
    private var readsRefs = true

    private struct Memory {
        let snapshot: SourceSnapshot
        let hasLinks: Bool

        var known: KnownRevision { KnownRevision(revision: snapshot.commit.revision, hasLinks: hasLinks) }

        /// More than these bytes are rather read again than kept.
        static let limit = 16 << 20
    }

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
        self.worker = ResidentWorker(worker, environment: Self.environment(for: remote))
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
        if let plain = try await plainHead() { return plain }
        switch try await ask(.head) {
        case .head(let found):
            resolved = found
            return found.commit
        case .failure(let error): throw error
        case .changes: throw GitSourceError.workerFailed(reason: "it answered another question")
        }
    }

    /// Fetches what the ref points to now into the clone, and reads its manifests.
    ///
    /// - Throws: `GitSourceError`, or `CancellationError`.
    public func snapshot() async throws -> SourceSnapshot {
        let memory = memory
        switch try await ask(.snapshot, known: memory?.known) {
        case .changes(let changes, let found):
            guard let snapshot = SourceSnapshot(changes, since: memory?.snapshot) else {
                throw GitSourceError.workerFailed(reason: "it compared with another revision")
            }
            try snapshot.check(limits, below: remote.pathComponents.joined(separator: "/"))
            resolved = found
            remember(snapshot, hasLinks: changes.hasLinks)
            return snapshot
        case .failure(let error): throw error
        case .head: throw GitSourceError.workerFailed(reason: "it answered another question")
        }
    }

    private func remember(_ snapshot: SourceSnapshot, hasLinks: Bool) {
        memory = snapshot.size <= Memory.limit ? Memory(snapshot: snapshot, hasLinks: hasLinks) : nil
    }

    /// What a branch of a local repository holds, or a ref that holds what it held before; nil for what takes more.
    private func plainHead() async throws -> Revision? {
        guard readsRefs, case .local(let path) = try Location(url: remote.url),
            case .candidates(let names) = RefName(remote.ref)
        else { return nil }
        let refs = PlainRefs(path: path)
        do {
            let answer = try await blocking(within: timeout) { try refs.first(of: names) }
            guard let answer else {
                readsRefs = false
                throw GitSourceError.timedOut(url: redacted(remote.url), after: timeout)
            }
            guard let found = answer else { return nil }
            if found.name == resolved?.name, found.target == resolved?.target { return resolved?.commit }
            // Git lets a branch hold nothing but a commit.
            return found.final.hasPrefix("refs/heads/") ? found.target : nil
        } catch is SystemError {
            // libgit2 will find the same, and has words for it.
            return nil
        }
    }

    private func ask(_ question: GitRequest.Question, known: KnownRevision? = nil) async throws -> GitAnswer {
        let request = GitRequest(question: question, remote: remote, clone: clone, limits: limits, known: known)
        do {
            return try decoded(GitAnswer.self, from: try await worker.ask(encoded(request), timeout: timeout))
        } catch let error as WorkerError {
            switch error {
            case .timedOut: throw GitSourceError.timedOut(url: redacted(remote.url), after: timeout)
            case .ended(_, let status?, let words):
                let last = words.split(whereSeparator: \.isNewline).last
                throw GitSourceError.workerFailed(
                    reason: "it ended with \(status)" + (last.map { " and said: \($0)" } ?? ""))
            default: throw GitSourceError.workerFailed(reason: error.description)
            }
        } catch is WireError {
            throw GitSourceError.workerFailed(reason: "its answer makes no sense")
        }
    }

    /// What a worker needs of this process's variables: the way through a proxy (curl(1)). Nothing else is its business.
    ///
    /// OpenSSL reads all certificate authorities of the machine when libgit2 starts, which takes longer than the rest of
    /// the start: not where nobody shows a certificate.
    private static func environment(for remote: GitRemote) -> [String: String] {
        let names = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"]
        let isLocal = if case .local? = try? Location(url: remote.url) { true } else { false }
        let authorities = isLocal ? ["SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/dev/null"] : [:]
        return names.reduce(into: authorities) { variables, name in
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
    }
}
