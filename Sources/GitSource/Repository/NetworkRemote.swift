import CLibGit2
import Glibc

/// A repository on a server.
struct NetworkRemote {
    private let session: ServerSession
    private var url: String { session.told }

    init(_ session: ServerSession) { self.session = session }

    /// Whether a connection can be used again: the requests of http know nothing of each other.
    var keepsConnections: Bool { session.server.scheme == .https || session.server.scheme == .http }

    /// libgit2's remote for this server, not yet connected.
    func makeRemote() throws -> Handle {
        let url = session.remote
        return try Handle("git_remote_create_detached", free: git_remote_free) {
            git_remote_create_detached(&$0, url)
        }
    }

    /// Finds the commit that a ref means, by asking for the refs alone.
    ///
    /// - Parameter remote: one that `makeRemote` made, now or earlier.
    func resolve(_ ref: String, over remote: borrowing Handle) throws -> ResolvedRef {
        let refs = try connect(remote)
        // Ends the exchange; libgit2 keeps the connection below it.
        try check("git_remote_disconnect", git_remote_disconnect(remote.raw))
        return try resolve(ref, among: refs)
    }

    /// Fetches the commit that a ref means, and its history, into the clone.
    func fetch(_ ref: String, into clone: borrowing Clone) throws -> ResolvedRef {
        let (remoteURL, repository) = (session.remote, clone.repository.raw)
        let remote = try Handle("git_remote_create_anonymous", free: git_remote_free) {
            git_remote_create_anonymous(&$0, repository, remoteURL)
        }
        let wanted = try resolve(ref, among: connect(remote))
        if try !clone.holds(wanted.commit) {
            // A server need not give out a commit that no ref names; all refs together hold every commit it has.
            let refspecs =
                wanted.name.map { ["+\($0):\(Clone.keptRef)"] }
                ?? ["heads", "tags"].map { "+refs/\($0)/*:refs/reconcile/\($0)/*" }
            try download(refspecs, from: remote)
            guard try clone.holds(wanted.commit) else {
                throw GitSourceError.commitMissing(revision: wanted.commit, url: url)
            }
        }
        try clone.keep(wanted.commit)
        return wanted
    }

    private func resolve(_ ref: String, among refs: [String: git_oid]) throws -> ResolvedRef {
        switch RefName(ref) {
        case .commit(let revision): return ResolvedRef(name: nil, target: nil, commit: revision)
        case .candidates(let names):
            for name in names {
                // The server tells what a tag points to under the tag's name and `^{}`.
                guard let id = refs["\(name)^{}"] ?? refs[name] else { continue }
                guard let commit = Revision(id) else { throw GitSourceError.notACommit(ref: ref, url: url) }
                return ResolvedRef(name: name, target: nil, commit: commit)
            }
            if refs.isEmpty { throw GitSourceError.noCommits(url: url) }
            throw GitSourceError.refMissing(ref: ref, url: url, available: RefName.offered(refs.keys))
        }
    }

    /// Connects, and returns the refs that the server offers.
    private func connect(_ remote: borrowing Handle) throws -> [String: git_oid] {
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        do throws(LibGit2Error) {
            var options = git_remote_connect_options()
            try check(
                "git_remote_connect_options_init",
                git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION)))
            options.proxy_opts.type = GIT_PROXY_AUTO
            options.follow_redirects = session.redirects
            session.attach(to: &options.callbacks)
            try check("git_remote_connect", git_remote_connect_ext(remote.raw, GIT_DIRECTION_FETCH, &options))
            try check("git_remote_ls", git_remote_ls(&heads, &count, remote.raw))
        } catch { throw session.reason(for: error) }

        var refs: [String: git_oid] = [:]
        for head in UnsafeBufferPointer(start: heads, count: count) {
            guard let head = head?.pointee, let name = head.name else { continue }
            refs[String(cString: name)] = head.oid
        }
        return refs
    }

    private func download(_ refspecs: [String], from remote: borrowing Handle) throws {
        var options = git_fetch_options()
        try check("git_fetch_options_init", git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION)))
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.update_fetchhead = 0
        options.proxy_opts.type = GIT_PROXY_AUTO
        options.follow_redirects = session.redirects
        session.attach(to: &options.callbacks)
        var pointers: [UnsafeMutablePointer<CChar>?] = refspecs.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        do {
            try pointers.withUnsafeMutableBufferPointer { buffer throws(LibGit2Error) in
                var array = git_strarray(strings: buffer.baseAddress, count: buffer.count)
                try check("git_remote_fetch", git_remote_fetch(remote.raw, &array, &options, nil))
            }
        } catch {
            let ofTheNetwork = [GIT_ERROR_NET, GIT_ERROR_HTTP, GIT_ERROR_SSL, GIT_ERROR_SSH]
            guard session.failure != nil || ofTheNetwork.contains(error.category) else { throw error }
            throw session.reason(for: error)
        }
    }
}
