/// Why a revision could not be read.
///
/// URLs in here carry no passwords.
public enum GitSourceError: Error, Hashable, Sendable {
    /// Not a URL that git could follow without a working directory.
    case unsupportedURL(url: String)
    /// Nothing is there, or it is not a repository.
    case repositoryMissing(url: String, reason: String)
    /// The repository or its server did not answer, or not sensibly.
    case unreachable(url: String, reason: String)
    /// The URL carries a password.
    case secretInURL(url: String)
    /// A secret would be sent over a connection that others can read.
    case insecureCredentials(url: String)
    /// A file that access depends on cannot be used.
    case credentialUnusable(what: String, path: String, reason: String)
    /// The server knows us not, or not well enough.
    case accessDenied(url: String, reason: String, advice: String)
    /// The server's certificate is not to be trusted.
    case certificateRefused(url: String, reason: String, authorities: String?)
    /// The server wants to send us, with our secrets, to another host.
    case redirected(url: String, reason: String)
    /// The known hosts say nothing about the server.
    case hostKeyUnknown(host: String, file: String, key: HostKey)
    /// The known hosts say, on these lines, that the server has other keys.
    case hostKeyChanged(host: String, file: String, lines: [Int], key: HostKey)
    /// The known hosts say, on this line, that the key is not to be trusted any more.
    case hostKeyRevoked(host: String, file: String, line: Int, key: HostKey)
    /// The repository has no commit yet.
    case noCommits(url: String)
    /// No such ref; `available` are those that exist.
    case refMissing(ref: String, url: String, available: [String])
    /// No such commit.
    case commitMissing(revision: Revision, url: String)
    /// The ref points to something else, for example a tag to a file.
    case notACommit(ref: String, url: String)
    /// No such directory; `nearest` is the deepest one of the path that exists, `directories` are those in it.
    case pathMissing(path: String, revision: Revision, nearest: String, directories: [String])
    /// The path names a file.
    case notADirectory(path: String, revision: Revision)
    /// More files, or more bytes, than will be read.
    case tooManyFiles(path: String, revision: Revision, limit: Int)
    case tooManyBytes(path: String, revision: Revision, limit: Int)
    /// The clone's directory holds something that this program did not put there.
    case cloneNotOurs(path: String)
    /// The clone cannot be used, and making it anew did not help.
    case cloneUnusable(path: String, reason: String)
    /// Git had not answered in time.
    case timedOut(url: String, after: Duration)
    /// The worker process ended without an answer.
    case workerFailed(reason: String)
}

extension GitSourceError: CustomStringConvertible {
    /// A full sentence: what failed, where, why, what to do.
    public var description: String {
        switch self {
        case .unsupportedURL(let url):
            "cannot follow repository \"\(url)\": give a URL (https://, ssh://, git://, file:///absolute/path), "
                + "user@host:path, or an absolute path"
        case .repositoryMissing(let url, let reason):
            "no Git repository at \(url): \(reason); check the URL, or create the repository"
        case .unreachable(let url, let reason):
            "cannot read repository \(url): \(reason); check the URL, and that this machine can reach it"
        case .secretInURL(let url):
            "the URL \(url) carries a password, which process lists show; put the password into a file and name it "
                + "with --git-password-file"
        case .insecureCredentials(let url):
            "no password or token is sent to \(url), where everyone on the way could read it; use https://"
        case .credentialUnusable(let what, let path, let reason):
            "the \(what) \(path) cannot be used: \(reason)"
        case .accessDenied(let url, let reason, let advice):
            "no access to repository \(url): \(reason); \(advice)"
        case .certificateRefused(let url, let reason, let authorities):
            "the server of \(url) is not to be trusted: \(reason); if its certificate is from an authority of your own, "
                + (authorities.map { "add that to \($0)" } ?? "name that with --git-ca-file")
        case .redirected(let url, let reason):
            "the server of \(url) sends us elsewhere: \(reason); no password goes there; follow the other URL if you "
                + "trust it"
        case .hostKeyUnknown(let host, let file, let key):
            "\(host) is not in \(file), and showed the host key \(key.type) \(key.fingerprint); if its operator says "
                + "that this is the one, add the line: \(host) \(key.type) \(key.base64)"
        case .hostKeyChanged(let host, let file, let lines, let key):
            "the host key of \(host) is not the one in \(Self.place(lines, in: file)): it showed \(key.type) "
                + "\(key.fingerprint); somebody may be listening in, or the server has a new key: ask its operator, and "
                + "only then replace the line with: \(host) \(key.type) \(key.base64)"
        case .hostKeyRevoked(let host, let file, let line, let key):
            "\(host) showed the host key \(key.type) \(key.fingerprint), which \(Self.place([line], in: file)) revokes; "
                + "somebody may be listening in: ask its operator"
        case .noCommits(let url):
            "repository \(url) has no commits yet; push one"
        case .refMissing(let ref, let url, let available):
            "no ref \"\(ref)\" in \(url); \(Self.choice(available, none: "it has no branches and no tags"))"
                + (Self.looksAbbreviated(ref) ? "; a commit needs all of its 40 digits" : "")
        case .commitMissing(let revision, let url):
            "no commit \(revision) in \(url); push it, or follow a branch or tag that exists"
        case .notACommit(let ref, let url):
            "ref \"\(ref)\" in \(url) does not point to a commit; follow a branch, or a tag of a commit"
        case .pathMissing(let path, let revision, let nearest, let directories):
            "no directory \"\(path)\" at revision \(revision.short); "
                + (nearest.isEmpty ? "the top of the tree" : "\"\(nearest)\"")
                + " \(Self.contents(directories))"
        case .notADirectory(let path, let revision):
            "\"\(path)\" is a file, not a directory, at revision \(revision.short); give the directory that holds it"
        case .tooManyFiles(let path, let revision, let limit):
            "more than \(limit) manifests below \(Self.directory(path)) at revision \(revision.short); "
                + "follow a directory with fewer"
        case .tooManyBytes(let path, let revision, let limit):
            "more than \(limit) bytes of manifests below \(Self.directory(path)) at revision \(revision.short); "
                + "follow a directory with fewer"
        case .cloneNotOurs(let path):
            "\(path) holds files but no clone of ours; move them away, or choose another state directory"
        case .cloneUnusable(let path, let reason):
            "cannot use the clone in \(path), nor make it anew: \(reason); "
                + "check the disk's space and health"
        case .timedOut(let url, let time):
            "repository \(url) had not answered after \(time); check the network, or allow more time"
        case .workerFailed(let reason):
            "the git worker gave no answer: \(reason)"
        }
    }

    private static func directory(_ path: String) -> String { path.isEmpty ? "the top of the tree" : "\"\(path)\"" }

    private static func place(_ lines: [Int], in file: String) -> String {
        "\(file), line\(lines.count == 1 ? "" : "s") \(lines.map(String.init).joined(separator: ", "))"
    }

    private static func choice(_ names: [String], none: String) -> String {
        names.isEmpty ? none : "it has " + listed(names)
    }

    private static func contents(_ directories: [String]) -> String {
        directories.isEmpty ? "has no directories" : "has the directories " + listed(directories)
    }

    private static func looksAbbreviated(_ ref: String) -> Bool {
        (4..<40).contains(ref.utf8.count) && ref.allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    /// The first ten, and how many there are besides.
    private static func listed(_ names: [String]) -> String {
        let shown = names.prefix(10).joined(separator: ", ")
        return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
    }
}
