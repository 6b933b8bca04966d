/// Through whom registries are reached: the variables that curl, docker and Go read.
public struct ProxySettings: Sendable, Hashable {
    /// For `https` addresses: `http://[user:password@]host[:port]`; nil for none.
    public var https: String?
    /// For `http` addresses; nil for none.
    public var http: String?
    /// Who is reached without a proxy: hosts, domains (`.example.org`), IPv4 networks, `*`; with a port for that port alone.
    public var exceptions: [String]

    /// Settings with these values; the defaults use no proxy.
    public init(https: String? = nil, http: String? = nil, exceptions: [String] = []) {
        self.https = https
        self.http = http
        self.exceptions = exceptions
    }

    /// The settings of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in upper or lower case.
    public init(environment: [String: String]) {
        func value(_ name: String) -> String? {
            let text = environment[name] ?? environment[name.lowercased()]
            return text.flatMap { $0.isEmpty ? nil : $0 }
        }
        self.init(
            https: value("HTTPS_PROXY"), http: value("HTTP_PROXY"),
            exceptions: (value("NO_PROXY") ?? "").split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init))
    }

    /// The proxy for an address; nil when it is reached directly. This machine itself always is (as in Go).
    func proxy(scheme: RegistryEndpoint.Scheme, host: String, port: Int) -> String? {
        let proxy = scheme == .https ? https : http
        guard let proxy, host != "localhost", !host.hasPrefix("127."), host != "::1" else { return nil }
        return exceptions.contains { Self.covers($0, host, port) } ? nil : proxy
    }

    private static func covers(_ exception: String, _ host: String, _ port: Int) -> Bool {
        if exception == "*" { return true }
        if exception.contains("/") { return IPv4Block(exception)?.contains(host) ?? false }
        var name = exception.lowercased()
        if let colon = name.lastIndex(of: ":"), let only = Int(name[name.index(after: colon)...]) {
            if only != port { return false }
            name = String(name[..<colon])
        }
        let domain = name.hasPrefix("*.") ? String(name.dropFirst()) : name
        if domain.hasPrefix(".") { return host.hasSuffix(domain) || host == domain.dropFirst() }
        return host == domain || host.hasSuffix("." + domain)
    }
}

/// `10.0.0.0/8`.
private struct IPv4Block {
    let address: UInt32
    let mask: UInt32

    init?(_ text: String) {
        let (base, length) = text.splitOnce("/")
        guard let address = Self.number(base), let bits = UInt32(length), bits <= 32 else { return nil }
        mask = bits == 0 ? 0 : ~UInt32(0) << (32 - bits)
        self.address = address & mask
    }

    func contains(_ host: String) -> Bool { Self.number(host).map { $0 & mask == address } ?? false }

    private static func number(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        let known = parts.compactMap { $0 }
        guard parts.count == 4, known.count == 4 else { return nil }
        return known.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
