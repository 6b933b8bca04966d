/// The GET of a probe.
struct HTTPRequest: Hashable, Sendable {
    /// A header of the manifest cannot be sent; why, in Go's words.
    struct Unsendable: Error, Hashable { let reason: String }

    /// Headers that belong to the connection, not to the manifest.
    private static let reserved: Set<String> = [
        "host", "connection", "content-length", "transfer-encoding", "trailer",
    ]

    let place: HTTPPlace
    /// The manifest's `Host` header; empty if it has none.
    let hostHeader: String
    /// The manifest's other headers.
    let headers: [HTTPGetProbe.Header]

    init(_ place: HTTPPlace, _ headers: [HTTPGetProbe.Header]) {
        self.init(
            place: place, hostHeader: headers.first { $0.name.lowercased() == "host" }?.value ?? "",
            headers: headers)
    }

    private init(place: HTTPPlace, hostHeader: String, headers: [HTTPGetProbe.Header]) {
        self.place = place
        self.hostHeader = hostHeader
        self.headers = headers.filter { !Self.reserved.contains($0.name.lowercased()) }
    }

    /// The request that follows a redirect. A `Host` of the manifest goes along where only path and query change.
    func redirected(to next: HTTPPlace) -> HTTPRequest {
        let isSameServer = (next.scheme, next.host, next.port) == (place.scheme, place.host, place.port)
        return HTTPRequest(place: next, hostHeader: isSameServer ? hostHeader : "", headers: headers)
    }

    /// As it is sent. An empty `Accept` or `User-Agent` of the manifest removes the usual one.
    ///
    /// - Throws: when a header holds what may not stand there: it could begin another one, or another request.
    func bytes() throws(Unsendable) -> [UInt8] {
        var text = "GET \(place.target) HTTP/1.1\r\n"
        let host = hostHeader.isEmpty ? authority(place.host, place.port) : hostHeader
        guard isSendable(host) else { throw Unsendable(reason: "invalid Host header") }
        text += "Host: \(host)\r\n"
        for (name, value) in [("User-Agent", NodeProber.userAgent), ("Accept", "*/*")]
        where !headers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
            text += "\(name): \(value)\r\n"
        }
        for header in headers {
            let isRemoval =
                header.value.isEmpty && ["accept", "user-agent"].contains(header.name.lowercased())
            if isRemoval { continue }
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(isOfToken) else {
                throw Unsendable(reason: "invalid header field name \(quoted(header.name))")
            }
            guard isSendable(header.value) else {
                throw Unsendable(reason: "invalid header field value for \(quoted(header.name))")
            }
            text += "\(header.name): \(header.value)\r\n"
        }
        text += "Connection: close\r\n\r\n"
        return Array(text.utf8)
    }

    private func isSendable(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }
    }
}
