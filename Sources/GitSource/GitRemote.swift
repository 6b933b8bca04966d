/// What to follow: a repository, a ref in it, and a directory in the ref's tree.
public struct GitRemote: Hashable, Sendable {
    /// `https://`, `ssh://`, `git://`, `user@host:path`, `file:///path` or an absolute path.
    public var url: String
    /// A branch, a tag, a full ref such as `refs/heads/main`, `HEAD`, or a commit's 40 hexadecimal digits.
    ///
    /// A short name means the branch, and the tag only where there is no such branch: nobody can divert a node that
    /// follows a branch by pushing a tag.
    public var ref: String
    /// The directory that holds the manifests, relative to the top of the tree; "" is the top.
    public var path: String
    /// How its server is reached; means nothing for a repository on this machine.
    public var access: GitAccess

    /// Names a repository, a ref and a directory.
    public init(url: String, ref: String, path: String = "", access: GitAccess = GitAccess()) {
        self.url = url
        self.ref = ref
        self.path = path
        self.access = access
    }

    /// Throws when the URL carries a password: for whoever would write it down or show it before anything is asked.
    ///
    /// - Throws: `GitSourceError.secretInURL`.
    public static func refuseSecret(in url: String) throws(GitSourceError) {
        if ServerURL(url)?.hasPassword == true { throw .secretInURL(url: redacted(url)) }
    }

    /// The host that is asked without protection: nil for a URL whose server proves who it is, or that needs none.
    ///
    /// Whoever is on the way to it can answer in its place, with manifests of their own.
    public static func unprotectedHost(of url: String) -> String? {
        guard let server = ServerURL(url), server.scheme == .http || server.scheme == .git else { return nil }
        return server.host
    }

    /// The components of `path`, without empty ones and `.`.
    var pathComponents: [String] { path.split(separator: "/").map(String.init).filter { $0 != "." } }
}

/// Where a repository is, by the way to reach it.
enum Location {
    /// A directory of this machine.
    case local(path: String)
    /// A server.
    case network(ServerURL)

    /// Reads a URL the way git does, but refuses relative paths: an agent has no meaningful working directory.
    init(url: String) throws(GitSourceError) {
        let refused = GitSourceError.unsupportedURL(url: redacted(url))
        if url.hasPrefix("/") {
            self = .local(path: url)
        } else if let rest = url.dropping(prefix: "file://") {
            guard let path = rest.hasPrefix("/") ? rest : rest.dropping(prefix: "localhost"), path.hasPrefix("/"),
                let decoded = percentDecoded(path)
            else { throw refused }
            self = .local(path: decoded)
        } else if let server = ServerURL(url) {
            self = .network(server)
        } else {
            throw refused
        }
    }
}

/// The URL without the password or token it may carry: for messages and for what is kept on disk.
func redacted(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return url }
    guard let colon = authority[..<at].firstIndex(of: ":") else {
        // https://TOKEN@host is a token, ssh://git@host a user.
        return url.hasPrefix("http") ? url[..<scheme.upperBound] + "***" + url[at...] : url
    }
    return url[...colon] + "***" + url[at...]
}

private func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, let value = UInt8(digits, radix: 16),
            value != 0
        else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}

extension StringProtocol {
    fileprivate func dropping(prefix: String) -> Self.SubSequence? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
