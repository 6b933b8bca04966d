import Linux

extension ProbeDialer {
    /// A connection that is accepted is a success.
    func tcpConnect(to host: String, port: UInt16, timeout: Duration) async -> ProbeOutcome {
        do {
            _ = try await connect(to: host, port: port, until: .now() + timeout)
            return .success
        } catch {
            return .failure(DialFailure(error).words(host, port))
        }
    }
}
