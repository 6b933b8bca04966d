import FoundationEssentials

/// The credentials of one file: docker's `config.json`, containers' `auth.json`, a Secret of the type
/// `kubernetes.io/dockerconfigjson`; and the older `.dockercfg` (a Secret of the type `kubernetes.io/dockercfg`).
public struct DockerConfigFile: Sendable, Hashable {
    /// By what it was written under: a host, a URL, a host and a part of the path.
    let credentials: [String: RegistryCredential]
    /// Programs by host, without `docker-credential-`.
    let helpers: [String: String]
    /// The program for all other hosts.
    let store: String?

    /// Reads the file's JSON.
    ///
    /// - Throws: an error whose description ends a sentence about the file; it never quotes a value.
    public init(parsing bytes: [UInt8]) throws {
        let file = try JSON.decode(Contents.self, from: bytes)
        var entries = file.auths ?? [:]
        if file.auths == nil, file.credHelpers == nil, file.credsStore == nil {
            entries = (try? JSON.decode([String: Entry].self, from: bytes)) ?? [:]
        }
        credentials = try entries.reduce(into: [:]) { all, entry in
            all[entry.key] = try entry.value.credential(for: entry.key)
        }
        helpers = file.credHelpers ?? [:]
        store = file.credsStore
    }

    /// The credentials for an image: what is written under the longest name that fits comes first (kubelet's keyring).
    func matches(_ reference: ImageReference) -> [RegistryCredential] {
        credentials.compactMap { key, credential in
            CredentialScope(key).covers(reference).map { (length: $0, key: key, credential: credential) }
        }
        .sorted { ($1.length, $0.key) < ($0.length, $1.key) }
        .map(\.credential)
    }

    /// The program to ask about a registry; nil for none.
    func helper(for registry: String) -> String? {
        let named = helpers.first { CredentialScope($0.key).host == CredentialScope(registry).host }?.value
        return named ?? store
    }

    private struct Contents: Decodable {
        let auths: [String: Entry]?
        let credHelpers: [String: String]?
        let credsStore: String?
    }

    private struct Entry: Decodable {
        let auth: String?
        let username: String?
        let password: String?
        let identitytoken: String?

        func credential(for key: String) throws -> RegistryCredential? {
            if let identitytoken, !identitytoken.isEmpty { return .identityToken(identitytoken) }
            if let auth, !auth.isEmpty { return try Self.decoded(auth, key) }
            guard let username, let password else { return nil }
            return .password(user: username, password: password)
        }

        private static func decoded(_ auth: String, _ key: String) throws -> RegistryCredential {
            let text = Data(base64Encoded: auth).flatMap { String(bytes: $0, encoding: .utf8) }
            guard let text, let colon = text.firstIndex(of: ":") else {
                throw JSON.Malformed(description: "auths.\(key).auth: is not the Base64 of user:password")
            }
            // docker pads passwords with zero bytes.
            let password = text[text.index(after: colon)...].prefix { $0 != "\0" }
            return .password(user: String(text[..<colon]), password: String(password))
        }
    }
}

/// What a credential was written for: `registry.example.org`, `https://index.docker.io/v1/`, `*.example.org/team`.
struct CredentialScope {
    /// However it was spelled; the ports of HTTP and HTTPS stay two, so that a password is shown to none but its own.
    let host: String
    let path: String

    init(_ text: String) {
        var rest = text[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        let (host, path) = rest.splitOnce("/")
        self.host = "\(RegistryName(host))"
        self.path = path == "v1" || path == "v2" ? "" : path
    }

    /// How closely it fits an image, in characters; nil when it does not.
    func covers(_ reference: ImageReference) -> Int? {
        guard hostCovers("\(reference.registryName)") else { return nil }
        let repository = reference.canonicalRepository
        guard path.isEmpty || repository == path || repository.hasPrefix(path + "/") else { return nil }
        return host.utf8.count + path.utf8.count
    }

    /// Each part of a host may be a pattern (Kubernetes: `*.example.org` covers one more name, not two).
    private func hostCovers(_ registry: String) -> Bool {
        if host == registry { return true }
        guard host.contains("*") else { return false }
        let (pattern, name) = (host.split(separator: "."), registry.split(separator: "."))
        return pattern.count == name.count && zip(pattern, name).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
