/// The connection to an https server, kept by the worker from one look at the refs to the next: a poll then costs one
/// exchange in place of a handshake and its certificates.
///
/// libgit2 keeps a connection for as long as the remote lives that made it. Who we are is told anew each time, so a
/// renewed token or password counts at once.
final class KeptConnection {
    /// A connection that rested longer is given up unasked: who stands between may have forgotten it without a word, and
    /// the question would wait for its deadline.
    private static let rest = Duration.seconds(60)

    private var remote: Handle?
    private var purpose: GitRemote?
    private var used = ContinuousClock.now

    init() {}

    /// Resolves the ref of `remote`, over the kept connection if there is one.
    ///
    /// - Parameter open: prepares an attempt; asked a second time where the server has closed what was kept.
    func resolve(_ remote: GitRemote, _ open: () throws -> NetworkRemote) throws -> ResolvedRef {
        if let kept = take(for: remote), let found = try? open().resolve(remote.ref, over: kept) {
            keep(kept, for: remote)
            return found
        }
        let server = try open()
        let fresh = try server.makeRemote()
        let found = try server.resolve(remote.ref, over: fresh)
        if server.keepsConnections { keep(fresh, for: remote) }
        return found
    }

    private func take(for wanted: GitRemote) -> Handle? {
        let kept = remote.take()
        return purpose == wanted && ContinuousClock.now < used + Self.rest ? kept : nil
    }

    private func keep(_ connection: consuming Handle, for purpose: GitRemote) {
        remote = consume connection
        self.purpose = purpose
        used = .now
    }
}
