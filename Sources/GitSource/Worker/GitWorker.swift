import CLibGit2
import Glibc
import Linux

/// The worker process: request after request on standard input, an answer to each on standard output.
public enum GitWorker {
    /// Answers requests until there are no more, and returns the exit code.
    ///
    /// Failures to read the repository are answers; the exit code is not 0 only when there is no answer.
    public static func run() -> Int32 {
        dieWithParent()
        // A server that has closed a kept connection is an answer, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        do {
            try startLibGit2()
            let connection = KeptConnection()
            try answerRequests { encoded(answer(try decoded(GitRequest.self, from: $0), over: connection)) }
            return 0
        } catch {
            try? Descriptor(owning: STDERR_FILENO).writeAll(Array("\(error)\n".utf8))
            return 1
        }
    }

    /// libgit2 as this program wants it.
    private static func startLibGit2() throws(LibGit2Error) {
        try check("git_libgit2_init", git_libgit2_init())
        // The check of owners protects people who walk into a directory that another user prepared, and tools that then
        // run the hooks and programs its configuration names. Here an operator names the repository as the source of
        // what this machine runs, which is more trust than that; the agent is root and the repository is usually not
        // root's; and libgit2 runs neither hooks nor configured programs.
        try check("git_libgit2_opts", clibgit2_set_owner_validation(0))
        // The same repository means the same on every node, whatever is in some user's or the machine's gitconfig.
        for level in [GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL] {
            try check("git_libgit2_opts", clibgit2_set_search_path(level, ""))
        }
    }

    private static func answer(_ request: GitRequest, over connection: KeptConnection) -> GitAnswer {
        do {
            switch request.question {
            case .head: return .head(try head(request, over: connection))
            case .snapshot: return try snapshot(request)
            }
        } catch let error as GitSourceError {
            return .failure(error)
        } catch {
            return .failure(.workerFailed(reason: "\(error)"))
        }
    }

    private static func head(_ request: GitRequest, over connection: KeptConnection) throws -> ResolvedRef {
        let remote = request.remote
        switch try Location(url: remote.url) {
        case .local(let path): return try LocalRemote(path: path, url: remote.url).resolve(remote.ref)
        case .network(let server): return try connection.resolve(remote) { try network(server, request) }
        }
    }

    private static func network(_ server: ServerURL, _ request: GitRequest) throws -> NetworkRemote {
        NetworkRemote(
            try ServerSession(
                url: request.remote.url, server, request.remote.access, home: "\(request.clone).ssh"))
    }

    private static func snapshot(_ request: GitRequest) throws -> GitAnswer {
        let location = try Location(url: request.remote.url)
        let directory = try CloneDirectory(claiming: request.clone, for: redacted(request.remote.url))
        do {
            do {
                return try read(request, at: location, through: directory)
            } catch let damage as LibGit2Error {
                // Failures of the remote have been told apart already: this is the clone, which holds nothing of its own.
                try directory.erase()
                return try read(request, at: location, through: directory, repairing: damage.description)
            }
        } catch let error as LibGit2Error {
            throw GitSourceError.cloneUnusable(path: request.clone, reason: error.description)
        } catch let error as SystemError {
            throw GitSourceError.cloneUnusable(path: request.clone, reason: error.description)
        }
    }

    private static func read(
        _ request: GitRequest, at location: Location, through directory: borrowing CloneDirectory,
        repairing damage: String? = nil
    ) throws -> GitAnswer {
        try directory.sweep()
        let clone = try Clone(path: directory.path)
        let resolved = try fetch(request, at: location, into: clone)
        var changes = try TreeReader(clone: clone, path: request.remote.pathComponents, limits: request.limits)
            .changes(to: resolved.commit, since: request.known)
        changes.repairedDamage = damage
        return .changes(changes, at: resolved)
    }

    private static func fetch(
        _ request: GitRequest, at location: Location, into clone: borrowing Clone
    ) throws -> ResolvedRef {
        let remote = request.remote
        if let pinned = Revision(remote.ref), try clone.holds(pinned) {
            return ResolvedRef(name: nil, target: nil, commit: pinned)
        }
        switch location {
        case .local(let path):
            return try LocalRemote(path: path, url: remote.url).fetch(remote.ref, into: clone)
        case .network(let server):
            return try network(server, request).fetch(remote.ref, into: clone)
        }
    }
}
