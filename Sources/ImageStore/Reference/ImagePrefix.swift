/// The names of images that begin alike: `docker.io`, `registry.example.org/team`, `*.example.org`; by whole parts of the
/// path (containers-registries.conf(5)), and however the registry is spelled in either.
struct ImagePrefix: Hashable, Sendable {
    private let registry: RegistryName
    /// What follows the registry, without the slash between; empty for nothing.
    private let path: String

    /// How far a registry's name goes.
    enum Reach {
        /// This one registry: a word about how it is asked, which must not hold for another one.
        case registry
        /// What may turn out to be that registry as well, on the other standard port, and below a pattern on any: a demand,
        /// which must not be evaded.
        case host
    }

    init(_ text: String) {
        let (host, path) = text.splitOnce("/")
        registry = RegistryName(host)
        // As all names of repositories are.
        self.path = path.lowercased()
    }

    /// How much it says: of the prefixes that speak of a name, the one that says most decides.
    var closeness: Int {
        "\(registry.onStandardPort)".utf8.count - (isPattern ? 1 : 0) + (path.isEmpty ? 0 : 1 + path.utf8.count)
    }

    /// Whether another one speaks of the same names, within the reach of a demand.
    func isSame(as other: ImagePrefix) -> Bool {
        registry.onStandardPort == other.registry.onStandardPort && path == other.path
    }

    /// What of an image's name, without tag and digest, follows the prefix; nil when it does not speak of that name.
    func rest(of reference: ImageReference, reach: Reach) -> String? {
        guard covers(reference.registryName, reach) else { return nil }
        let repository = reference.canonicalRepository
        if path.isEmpty { return "/" + repository }
        guard repository.hasPrefix(path) else { return nil }
        let rest = repository.dropFirst(path.count)
        return rest.isEmpty || rest.hasPrefix("/") ? String(rest) : nil
    }

    private var isPattern: Bool { registry.host.hasPrefix("*.") }

    private func covers(_ name: RegistryName, _ reach: Reach) -> Bool {
        guard isPattern else {
            return reach == .host ? registry.onStandardPort == name.onStandardPort : registry == name
        }
        guard name.host.hasSuffix(registry.host.dropFirst()) else { return false }
        return registry.port == name.port || (reach == .host && registry.onStandardPort.port == nil)
    }
}
