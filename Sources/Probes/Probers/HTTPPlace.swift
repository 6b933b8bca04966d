/// Where an HTTP probe goes.
struct HTTPPlace: Hashable, Sendable {
    let scheme: HTTPGetProbe.Scheme
    let host: String
    let port: UInt16
    /// Path and query as the request names them; begins with a slash.
    let target: String

    init(scheme: HTTPGetProbe.Scheme, host: String, port: UInt16, target: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.target = target.isEmpty || target.hasPrefix("?") ? "/\(target)" : target
    }

    /// Where a manifest sends a probe. A path that is no URL's is taken as it is, letter by letter.
    init(_ probe: HTTPGetProbe, host: String, port: UInt16) {
        let path =
            probe.path.hasPrefix("/") || probe.path.hasPrefix("?") ? probe.path : "/\(probe.path)"
        let isValid = hasValidEscapes(path)
        let target = isValid ? escaped(path.prefix { $0 != "#" }) : escaped(path[...], and: "%?#")
        self.init(scheme: probe.scheme, host: host, port: port, target: target)
    }

    /// As people write it; the port always stands.
    var url: String { "\(scheme.rawValue)://\(authority(host, port))\(target)" }

    /// Where a `Location` header of an answer from here leads; nil if it is no place that speaks HTTP.
    func following(_ location: String) -> HTTPPlace? {
        let location = escaped(location.prefix { $0 != "#" })
        if let (scheme, rest) = splitScheme(location) { return Self.parse(rest, scheme) }
        if location.hasPrefix("//") { return Self.parse(location.dropFirst(2), scheme) }
        return HTTPPlace(scheme: scheme, host: host, port: port, target: withoutDots(merged(location)))
    }

    /// A relative location, put onto the target.
    private func merged(_ location: String) -> String {
        if location.hasPrefix("/") { return location }
        if location.isEmpty { return target }
        let path = target.prefix { $0 != "?" }
        if location.hasPrefix("?") { return String(path) + location }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return String(folder) + location
    }

    /// What stands behind `http://` or `https://`; nil for a relative location.
    private func splitScheme(_ text: String) -> (HTTPGetProbe.Scheme?, Substring)? {
        guard let end = text.firstRange(of: "://"),
            !text[..<end.lowerBound].contains(where: { "/?".contains($0) })
        else { return nil }
        return (
            HTTPGetProbe.Scheme(rawValue: text[..<end.lowerBound].lowercased()), text[end.upperBound...]
        )
    }

    private static func parse(_ text: Substring, _ scheme: HTTPGetProbe.Scheme?) -> HTTPPlace? {
        guard let scheme else { return nil }
        let end = text.firstIndex { "/?".contains($0) } ?? text.endIndex
        var address = text[..<end]
        if let user = address.lastIndex(of: "@") { address = address[address.index(after: user)...] }
        var port: UInt16? = scheme == .https ? 443 : 80
        if let colon = address.lastIndex(of: ":"), !address[colon...].contains("]") {
            let digits = address[address.index(after: colon)...]
            if !digits.isEmpty { port = UInt16(digits) }
            address = address[..<colon]
        }
        let host = address.filter { $0 != "[" && $0 != "]" }
        guard let port, !host.isEmpty else { return nil }
        return HTTPPlace(
            scheme: scheme, host: host, port: port, target: withoutDots(String(text[end...])))
    }
}

/// Whether each percent sign is followed by two hexadecimal digits.
private func hasValidEscapes(_ text: String) -> Bool {
    if !text.utf8.contains(UInt8(ascii: "%")) { return true }
    return text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
        part.prefix(2).count == 2 && part.prefix(2).allSatisfy { $0.isHexDigit && $0.isASCII }
    }
}

/// Escapes what may not stand in a request line, and the letters of `more`.
private func escaped(_ text: Substring, and more: String = "") -> String {
    let isSafe = { (byte: UInt8) in
        byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte) && !more.utf8.contains(byte)
    }
    if text.utf8.allSatisfy(isSafe) { return String(text) }
    var result = ""
    for byte in text.utf8 {
        if isSafe(byte) {
            result.unicodeScalars.append(UnicodeScalar(byte))
        } else {
            result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }
    }
    return result
}

/// Resolves `.` and `..` in the path of a target.
private func withoutDots(_ target: String) -> String {
    let path = target.prefix { $0 != "?" }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.contains(where: { $0 == "." || $0 == ".." }) else { return target }
    var kept: [Substring] = []
    for part in parts.dropFirst() where part != "." {
        if part == ".." { _ = kept.popLast() } else { kept.append(part) }
    }
    let end = parts.last == "." || parts.last == ".." ? [Substring()] : []
    return "/" + (kept + end).joined(separator: "/") + target[path.endIndex...]
}
