/// What a registry is called, however it was spelled: `Quay.io`, `quay.io.` and `quay.io:443` are one registry, and so are
/// the hosts that serve Docker's. What decides by a registry's name compares these, never the spellings.
struct RegistryName: Hashable, Sendable, CustomStringConvertible {
    /// In lower case.
    let host: String
    /// Nil for that of HTTPS.
    let port: UInt16?

    /// - Parameter spelling: a host, and a port where one was written.
    init(_ spelling: some StringProtocol) {
        let text = spelling.lowercased()
        let (host, port) = Self.splitPort(text)
        var name = String(host)
        while name.hasSuffix(".") { name.removeLast() }
        self.init(
            host: Self.dockers.contains(name) ? ImageReference.defaultRegistry : name, port: port == 443 ? nil : port)
    }

    private init(host: String, port: UInt16?) {
        self.host = host
        self.port = port
    }

    /// The same without the port of plain HTTP. A registry that is asked in the clear is there with it and without it.
    var onStandardPort: RegistryName { RegistryName(host: host, port: port == 80 ? nil : port) }

    /// The host, and the port where it is none of HTTPS.
    var description: String { port.map { "\(host):\($0)" } ?? host }

    /// Other hosts with what `docker.io` has.
    private static let dockers: Set<String> = ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"]

    /// Ports are numbers: `0443` is 443.
    private static func splitPort(_ text: String) -> (Substring, UInt16?) {
        guard let colon = text.lastIndex(of: ":") else { return (text[...], nil) }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits) else { return (text[...], nil) }
        return (text[..<colon], port)
    }
}

extension ImageReference {
    /// The registry, however it was spelled.
    var registryName: RegistryName { RegistryName(registry) }

    /// The repository, as its registry calls it: Docker's has the images without a namespace below `library`.
    var canonicalRepository: String {
        let isShort = registryName.host == Self.defaultRegistry && !repository.contains("/")
        return isShort ? Self.officialPrefix + repository : repository
    }
}
