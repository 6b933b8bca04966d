/// The URL of a repository on a server, taken apart as far as access to it is concerned.
struct ServerURL: Hashable, Sendable {
    enum Scheme: Hashable, Sendable { case https, http, ssh, git }

    let scheme: Scheme
    /// What is in front of the `@`; nil for nothing.
    let username: String?
    /// Whether something follows the user's name that looks like a secret.
    let hasPassword: Bool
    /// Without the brackets of an IPv6 address.
    let host: String
    /// Nil for the scheme's own.
    let port: String?
    /// The URL as written, but for the user of an http one: names are sent when they are asked for.
    private let bare: String

    /// Takes apart `scheme://[user[:password]@]host[:port]/path`, or git's short form of ssh, `[user@]host:path`.
    init?(_ url: String) {
        if let colons = url.firstRange(of: "://") {
            self.init(long: url, colons)
        } else {
            self.init(short: url)
        }
    }

    private init?(long url: String, _ colons: Range<String.Index>) {
        switch url[..<colons.lowerBound].lowercased() {
        case "https": scheme = .https
        case "http": scheme = .http
        case "ssh", "git+ssh", "ssh+git": scheme = .ssh
        case "git": scheme = .git
        default: return nil
        }
        let rest = url[colons.upperBound...]
        let authority = Authority(rest.prefix { $0 != "/" })
        guard !authority.host.isEmpty else { return nil }
        (username, hasPassword, host, port) = (authority.user, authority.hasPassword, authority.host, authority.port)
        let path = rest.drop { $0 != "/" }
        bare = scheme == .ssh ? url : "\(url[..<colons.upperBound])\(authority.place)\(path)"
    }

    private init?(short url: String) {
        // A colon before the first slash, as git tells these from paths.
        guard let colon = url.firstIndex(of: ":"), !url[..<colon].contains("/") else { return nil }
        let authority = Authority(url[..<colon])
        guard !authority.host.isEmpty, !authority.hasPassword, authority.port == nil else { return nil }
        (scheme, username, hasPassword, host, port) = (.ssh, authority.user, false, authority.host, nil)
        bare = url
    }

    /// What libgit2 is given: over ssh with the user, whom the server must be told first.
    func remote(user: String) -> String {
        guard scheme == .ssh, username == nil else { return bare }
        guard let colons = bare.firstRange(of: "://") else { return "\(user)@\(bare)" }
        return "\(bare[..<colons.upperBound])\(user)@\(bare[colons.upperBound...])"
    }

    /// The host as a known_hosts file names it.
    var knownHostsName: String { port == nil || port == "22" ? host : "[\(host)]:\(port ?? "")" }

    /// `user:password@host:port`.
    private struct Authority {
        let user: String?
        let hasPassword: Bool
        let host: String
        let port: String?
        /// What follows the `@`.
        let place: Substring

        init(_ text: Substring) {
            let at = text.lastIndex(of: "@")
            let login = at.map { text[..<$0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) }
            user = login?.first.flatMap { $0.isEmpty ? nil : String($0) }
            hasPassword = (login?.count ?? 0) > 1
            place = at.map { text[text.index(after: $0)...] } ?? text
            // The colons of an IPv6 address stand in brackets.
            let end = place.lastIndex(of: "]") ?? place.startIndex
            let name = place[..<end] + place[end...].prefix { $0 != ":" }
            let digits = place.dropFirst(name.count + 1)
            host = name.filter { $0 != "[" && $0 != "]" }
            port = digits.isEmpty ? nil : String(digits)
        }
    }
}
