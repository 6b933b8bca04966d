/// How a repository on a server is reached: who we say we are, and by what we recognise the server.
///
/// Files are named, not read: the worker reads them at every attempt, so that a renewed token or host key needs no
/// restart.
public struct GitAccess: Hashable, Sendable {
    /// The user; nil for the one in the URL, else `git` for ssh and `x-access-token` beside a token.
    public var username: String?
    /// What proves it over https.
    public var secret: Secret?
    /// A PEM file with the certificates of authorities to trust; nil for the machine's.
    public var authoritiesFile: String?
    /// The private key for ssh, without a passphrase.
    public var sshKeyFile: String?
    /// The host keys that are trusted over ssh (sshd(8), known_hosts).
    public var knownHostsFile: String

    /// A password or a token: only ever sent to the repository's own host, over https.
    public enum Secret: Hashable, Sendable, CustomStringConvertible {
        /// In a file's first line.
        case passwordFile(String)
        /// In a file's first line; servers take it in place of a password.
        case tokenFile(String)
        /// The password itself.
        case password(String)
        /// The token itself.
        case token(String)

        /// Never the secret itself.
        public var description: String {
            switch self {
            case .passwordFile(let path): "the password in \(path)"
            case .tokenFile(let path): "the token in \(path)"
            case .password: "the password that was given"
            case .token: "the token that was given"
            }
        }

        /// Whether servers want a user's name with it that means something.
        var isToken: Bool {
            switch self {
            case .tokenFile, .token: true
            case .passwordFile, .password: false
            }
        }
    }

    /// Access without secrets, to servers that the machine knows.
    public init(
        username: String? = nil, secret: Secret? = nil, authoritiesFile: String? = nil, sshKeyFile: String? = nil,
        knownHostsFile: String = "/etc/ssh/ssh_known_hosts"
    ) {
        self.username = username
        self.secret = secret
        self.authoritiesFile = authoritiesFile
        self.sshKeyFile = sshKeyFile
        self.knownHostsFile = knownHostsFile
    }
}
