/// What an HTTP server answered to a probe.
struct HTTPAnswer: Hashable, Sendable {
    /// 100 to 599.
    let status: UInt
    /// Where a redirect leads; nil if there is none.
    let location: String?
    /// What was read of the body.
    let body: String

    /// Whether the answer leads elsewhere, and where to.
    var redirect: String? {
        guard [301, 302, 303, 307, 308].contains(status), let location, !location.isEmpty else {
            return nil
        }
        return location
    }

    /// What the answer says about the container. The text never holds the body of a failure: it may be a secret.
    var outcome: ProbeOutcome {
        switch status {
        case 200..<300: .success
        case 300..<400: .warning("Probe terminated redirects, Response body: \(body)")
        default: .failure("HTTP probe failed with statuscode: \(status)")
        }
    }
}
