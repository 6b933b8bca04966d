import CLibGit2
import Glibc
import Linux

/// One attempt to reach a server: what libgit2 asks us on its way, and what we answer.
///
/// A class, because libgit2 hands a pointer to it back to its callbacks. It must outlive the remote it is given to.
final class ServerSession {
    let server: ServerURL
    /// The URL for messages.
    let told: String
    let access: GitAccess
    /// Why we ended the attempt: better words than libgit2 has, which knows only that we did.
    private(set) var failure: GitSourceError?
    private var knownHosts: KnownHosts?
    private var hasAnswered = false

    /// Prepares an attempt.
    ///
    /// - Parameter home: a directory of ours, where libssh2 is told which host keys to ask for.
    /// - Throws: `GitSourceError` for what is wrong before anything is sent.
    init(url: String, _ server: ServerURL, _ access: GitAccess, home: String) throws(GitSourceError) {
        (self.server, told, self.access) = (server, redacted(url), access)
        if server.hasPassword { throw .secretInURL(url: told) }
        if let secret = access.secret, username == nil {
            throw .accessDenied(
                url: told, reason: "\(secret) belongs to a user who was not named",
                advice: "name them with --git-username"
            )
        }
        switch server.scheme {
        case .http: if access.secret != nil { throw .insecureCredentials(url: told) }
        case .https: try trustAuthorities()
        case .ssh: try loadKnownHosts(home)
        case .git: break
        }
    }

    /// The user, as far as one is known.
    private var username: String? {
        access.username ?? server.username ?? (access.secret?.isToken == true ? "x-access-token" : nil)
    }

    /// What libgit2 connects to.
    var remote: String { server.remote(user: access.username ?? "git") }

    /// Secrets stay with the host they are for: libgit2 would send them on to where a server redirects it.
    var redirects: git_remote_redirect_t {
        access.secret == nil ? GIT_REMOTE_REDIRECT_INITIAL : GIT_REMOTE_REDIRECT_NONE
    }

    /// Has libgit2 ask this session.
    func attach(to callbacks: inout git_remote_callbacks) {
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.credentials = { credential, _, _, allowed, payload in
            guard let credential, let session = ServerSession.from(payload) else { return GIT_EUSER.rawValue }
            return session.answering { (session) throws(GitSourceError) in try session.identify(credential, allowed) }
        }
        callbacks.certificate_check = { certificate, _, _, payload in
            guard let certificate, let session = ServerSession.from(payload) else { return GIT_EUSER.rawValue }
            return session.answering { (session) throws(GitSourceError) in try session.recognise(certificate) }
        }
    }

    private static func from(_ payload: UnsafeMutableRawPointer?) -> ServerSession? {
        payload.map { Unmanaged<ServerSession>.fromOpaque($0).takeUnretainedValue() }
    }

    private func answering(_ answer: (ServerSession) throws(GitSourceError) -> Int32) -> Int32 {
        do {
            return try answer(self)
        } catch {
            failure = error
            return GIT_EUSER.rawValue
        }
    }

    // MARK: Who we are

    private func identify(
        _ credential: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>, _ allowed: UInt32
    ) throws(GitSourceError) -> Int32 {
        defer { hasAnswered = true }
        if server.scheme == .ssh { return try showKey(credential, allowed) }
        guard let secret = access.secret else {
            throw .accessDenied(
                url: told, reason: "its server wants to know who we are",
                advice: "name a token with --git-token-file, or --git-username and --git-password-file")
        }
        // It asks again when it did not like the answer.
        if hasAnswered {
            throw .accessDenied(
                url: told, reason: "its server does not take \(secret) for user \(username ?? "")",
                advice: "renew it, and check that it may read this repository")
        }
        guard allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0 else {
            throw .accessDenied(
                url: told, reason: "its server takes neither a password nor a token", advice: "try ssh")
        }
        return git_credential_userpass_plaintext_new(credential, username ?? "", try secret.read())
    }

    private func showKey(
        _ credential: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>, _ allowed: UInt32
    ) throws(GitSourceError) -> Int32 {
        let user = server.username ?? access.username ?? "git"
        guard let key = access.sshKeyFile else {
            throw .accessDenied(
                url: told, reason: "there is no key to show to its server", advice: "name one with --ssh-key-file")
        }
        let advice = "add the key's public half there for user \(user), with the right to read this repository"
        if hasAnswered {
            throw .accessDenied(url: told, reason: "its server does not take the key in \(key)", advice: advice)
        }
        guard allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 else {
            throw .accessDenied(url: told, reason: "its server takes no keys", advice: advice)
        }
        try checkPrivateKey(key)
        return git_credential_ssh_key_new(credential, user, nil, key, nil)
    }

    // MARK: Who the server is

    private func recognise(_ certificate: UnsafeMutablePointer<git_cert>) throws(GitSourceError) -> Int32 {
        // What the TLS library says about a certificate stands.
        guard certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else { return GIT_PASSTHROUGH.rawValue }
        let shown = UnsafeMutableRawPointer(certificate).assumingMemoryBound(to: git_cert_hostkey.self).pointee
        let blob = UnsafeRawBufferPointer(start: shown.hostkey, count: shown.hostkey_len)
        let (host, file) = (server.knownHostsName, access.knownHostsFile)
        guard let key = HostKey(Array(blob)) else {
            throw .unreachable(url: told, reason: "its server's host key cannot be read")
        }
        switch knownHosts?.verdict(on: key) ?? .unknown {
        case .known: return 0
        case .unknown: throw .hostKeyUnknown(host: host, file: file, key: key)
        case .changed(let lines): throw .hostKeyChanged(host: host, file: file, lines: lines, key: key)
        case .revoked(let line): throw .hostKeyRevoked(host: host, file: file, line: line, key: key)
        }
    }

    private func trustAuthorities() throws(GitSourceError) {
        guard let file = access.authoritiesFile else { return }
        do {
            try check("git_libgit2_opts", clibgit2_set_certificate_authorities(file))
        } catch {
            let isReadable = Glibc.access(file, R_OK) == 0
            throw .credentialUnusable(
                what: "file of certificate authorities", path: file,
                reason: isReadable ? error.message : SystemError("access", file).reason)
        }
    }

    /// Reads what is trusted, and puts the part about this host where libssh2 looks when it chooses which of the
    /// server's keys to ask for. Whether the key is the right one is decided here, by the file itself.
    private func loadKnownHosts(_ home: String) throws(GitSourceError) {
        let file = access.knownHostsFile
        do throws(SystemError) {
            let text = try Descriptor.open(file).readToEnd(limit: 16 << 20)
            knownHosts = KnownHosts(about: server.knownHostsName, in: String(decoding: text, as: UTF8.self))
        } catch  where error.code == ENOENT {
            // Nothing is trusted; the message then shows the key that would have to be.
            knownHosts = nil
        } catch {
            throw .credentialUnusable(what: "file of known hosts", path: file, reason: error.reason)
        }
        do throws(SystemError) {
            let directory = "\(home)/.ssh"
            for path in [home, directory] where mkdir(path, 0o700) != 0 && errno != EEXIST {
                throw SystemError("mkdir", path)
            }
            let wanted = Array((knownHosts?.file(for: server.host) ?? "").utf8)
            if (try? Descriptor.open("\(directory)/known_hosts").readToEnd()) != wanted {
                try replaceFile("known_hosts", in: directory, with: wanted)
            }
            setenv("HOME", home, 1)
        } catch {
            throw .cloneUnusable(path: home, reason: error.description)
        }
    }
}
