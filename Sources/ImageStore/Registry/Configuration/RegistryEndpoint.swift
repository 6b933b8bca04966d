/// One place to ask for an image: its registry, or a mirror of it.
struct RegistryEndpoint: Hashable, Sendable {
    /// The host that is connected to, with its port where one was given.
    let authority: String
    /// What the repository is called there.
    let repository: String
    /// The image's name there: whose credentials it gets. Those of the registry that it stands for are not for its eyes.
    let owner: ImageReference
    /// The schemes to try, in this order.
    let schemes: [Scheme]
    /// Whether a certificate that nobody vouches for is good enough.
    let acceptsAnyCertificate: Bool
    /// A PEM file with further authorities; nil for the system's alone.
    let caFile: String?

    enum Scheme: String, Hashable, Sendable {
        case https, http
    }

    /// - Parameter location: `host[:port]/repository`; nil when there is no repository in it.
    init?(location: String, isInsecure: Bool = false, caFile: String? = nil) {
        let (host, repository) = location.splitOnce("/")
        guard !host.isEmpty, !repository.isEmpty else { return nil }
        // The name of Docker's registry is not the host that serves it.
        authority = host == ImageReference.defaultRegistry ? "registry-1.docker.io" : host
        self.repository = repository
        owner = ImageReference(registry: host, repository: repository, tag: nil, digest: nil)
        // docker and containerd: who speaks to this machine itself needs no TLS.
        schemes = isInsecure || Self.isLoopback(host) ? [.https, .http] : [.https]
        acceptsAnyCertificate = isInsecure
        self.caFile = caFile
    }

    private static func isLoopback(_ authority: String) -> Bool {
        if authority.hasPrefix("[::1]") { return true }
        let host = authority.splitOnce(":").0
        return host == "localhost" || (host.hasPrefix("127.") && host.split(separator: ".").count == 4)
    }
}

extension StringProtocol {
    /// What stands before and after the first `separator`; all of it and nothing when there is none.
    func splitOnce(_ separator: Character) -> (String, String) {
        guard let index = firstIndex(of: separator) else { return (String(self), "") }
        return (String(self[..<index]), String(self[self.index(after: index)...]))
    }
}
