/// The names of images that begin alike: `docker.io`, `registry.example.org/team`, `*.example.org`; by whole parts of the
/// path (containers-registries.conf(5)).
struct ImagePrefix: Hashable, Sendable {
    let text: String

    /// What of a name, a registry and a repository, follows the prefix; nil when it does not speak of that name.
    func rest(of name: String) -> String? {
        if text.hasPrefix("*.") {
            let (host, path) = name.splitOnce("/")
            return host.hasSuffix(text.dropFirst()) ? "/" + path : nil
        }
        guard name.hasPrefix(text) else { return nil }
        let rest = name.dropFirst(text.count)
        return rest.isEmpty || rest.hasPrefix("/") ? String(rest) : nil
    }
}
