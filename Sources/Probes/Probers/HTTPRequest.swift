import NIOHTTP1

/// The GET of a probe.
struct HTTPRequest: Hashable, Sendable {
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
    var head: HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: place.target)
        head.headers.add(
            name: "Host", value: hostHeader.isEmpty ? authority(place.host, place.port) : hostHeader)
        for (name, value) in [("User-Agent", NodeProber.userAgent), ("Accept", "*/*")]
        where !headers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
            head.headers.add(name: name, value: value)
        }
        for header in headers {
            let isRemoval =
                header.value.isEmpty && ["accept", "user-agent"].contains(header.name.lowercased())
            if !isRemoval { head.headers.add(name: header.name, value: header.value) }
        }
        head.headers.add(name: "Connection", value: "close")
        return head
    }
}
