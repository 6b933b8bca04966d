import FoundationEssentials

/// An absolute `http` or `https` address.
struct RegistryAddress: Hashable, Sendable, CustomStringConvertible {
    let scheme: RegistryEndpoint.Scheme
    /// In lower case, without brackets.
    let host: String
    let port: Int
    /// The whole address.
    let text: String

    /// Nil when the text is no such address, or carries a user.
    init?(_ text: String) {
        guard let url = URL(string: text),
            let scheme = url.scheme.flatMap({ RegistryEndpoint.Scheme(rawValue: $0.lowercased()) }),
            let host = url.host, !host.isEmpty, url.user == nil
        else { return nil }
        self.scheme = scheme
        self.host = host.lowercased()
        port = url.port ?? (scheme == .https ? 443 : 80)
        self.text = text
    }

    /// Where a `Location` header leads from here; nil when it leads nowhere.
    func following(_ location: String) -> RegistryAddress? {
        guard let base = URL(string: text), let url = URL(string: location, relativeTo: base) else { return nil }
        return RegistryAddress(url.absoluteString)
    }

    /// Whether credentials for one may be shown to the other.
    func isSameOrigin(as other: RegistryAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Without the query, which may be a signature.
    var description: String { text.splitOnce("?").0 }
}
