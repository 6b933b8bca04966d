import Testing

@testable import Probes

@Suite("tcpSocket probes", .timeLimit(.minutes(10)))
struct TCPSocketTests {
    @Test("a connection that is accepted is a success, whatever is said on it")
    func accepted() async throws {
        let server = LoopbackServer { _ in .silence }
        defer { server.stop() }
        let handler = ProbeHandler.tcpSocket(TCPSocketProbe(port: .number(server.port)))

        let outcome = try await withProber { await $0.once(handler) }

        #expect(outcome == .success)
    }

    @Test("nobody listens: the kubelet's words for it")
    func refused() async throws {
        let server = LoopbackServer { _ in .silence }
        server.stop()
        let handler = ProbeHandler.tcpSocket(
            TCPSocketProbe(host: "127.0.0.1", port: .number(server.port)))

        let outcome = try await withProber { await $0.once(handler, address: nil) }

        #expect(outcome == .failure("dial tcp 127.0.0.1:\(server.port): connect: connection refused"))
    }

    @Test("an address that answers nothing fails when its time is over")
    func blackHole() async throws {
        // TEST-NET-1: packets to it go nowhere, or there is no way to it at all.
        let handler = ProbeHandler.tcpSocket(TCPSocketProbe(host: "192.0.2.1", port: .number(9)))
        let begun = ContinuousClock.now

        let outcome = try await withProber { await $0.once(handler, timeout: .milliseconds(300)) }

        guard case .failure(let text) = outcome else { return #expect(outcome == .failure("")) }
        #expect(text.hasPrefix("dial tcp 192.0.2.1:9: "))
        #expect(ContinuousClock.now - begun < .seconds(30))
    }

    @Test("a name that means nothing fails and says so")
    func unknownName() async throws {
        let handler = ProbeHandler.tcpSocket(TCPSocketProbe(host: "nowhere.invalid", port: .number(9)))

        let outcome = try await withProber { await $0.once(handler, timeout: .seconds(20)) }

        #expect(outcome == .failure("dial tcp: lookup nowhere.invalid: no such host"))
    }
}
