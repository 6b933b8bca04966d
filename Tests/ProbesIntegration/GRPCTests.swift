import Testing

@testable import Probes

@Suite("grpc probes", .timeLimit(.minutes(10)))
struct GRPCTests {
    struct Case: Sendable, CustomStringConvertible {
        let description: String
        let reply: HealthServer.Reply
        let outcome: ProbeOutcome
    }

    @Test(
        "only SERVING is a success; the rest says what it was in the kubelet's words",
        arguments: [
            Case(description: "serving", reply: .init(status: 1), outcome: .success),
            Case(
                description: "not serving", reply: .init(status: 2),
                outcome: .failure("service unhealthy (responded with \"NOT_SERVING\")")),
            Case(
                description: "an empty message is UNKNOWN", reply: .init(status: nil),
                outcome: .failure("service unhealthy (responded with \"UNKNOWN\")")),
            Case(
                description: "unknown service", reply: .init(code: 5, message: "unknown service"),
                outcome: .failure(
                    "error: health rpc probe failed: rpc error: code = NotFound desc = unknown service")),
            Case(
                description: "no health service", reply: .init(code: 12, message: "unknown method Check"),
                outcome: .failure(
                    "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown method Check"
                )),
        ])
    func outcomes(reply: Case) async throws {
        let server = try await HealthServer(reply.reply)
        let handler = ProbeHandler.grpc(GRPCProbe(port: server.port))

        let outcome = try await withProber { await $0.once(handler) }
        try await server.stop()

        #expect(outcome == reply.outcome)
    }

    @Test("the service is asked for by name, as the protocol has it")
    func service() async throws {
        let server = try await HealthServer(.init(status: 1))
        let handler = ProbeHandler.grpc(GRPCProbe(port: server.port, service: "shop.Cart"))

        _ = try await withProber { await $0.once(handler) }
        try await server.stop()

        #expect(server.bodies == [[0, 0, 0, 0, 11, 0x0A, 9] + Array("shop.Cart".utf8)])
        #expect(server.paths == ["POST /grpc.health.v1.Health/Check kube-probe/1.36"])
    }

    @Test("a server that does not answer in time, or is not there, fails")
    func absent() async throws {
        let silent = LoopbackServer { _ in .silence }
        defer { silent.stop() }
        let gone = LoopbackServer { _ in .silence }
        gone.stop()

        try await withProber { prober in
            let late = await prober.once(.grpc(GRPCProbe(port: silent.port)), timeout: .seconds(1))
            let refused = await prober.once(.grpc(GRPCProbe(port: gone.port)))

            #expect(late == .failure("timeout: health rpc did not complete within 1s"))
            let address = "127.0.0.1:\(gone.port)"
            #expect(
                refused
                    == .failure(
                        "error: failed to connect service at \"\(address)\": dial tcp \(address): connect: connection refused"
                    ))
        }
    }

    @Test("a server that speaks another protocol fails")
    func notHTTP2() async throws {
        let server = LoopbackServer { _ in .text("HTTP/1.1 400 Bad Request\r\n\r\n") }
        defer { server.stop() }

        let outcome = try await withProber { await $0.once(.grpc(GRPCProbe(port: server.port))) }

        guard case .failure(let text) = outcome else { return #expect(outcome == .failure("")) }
        #expect(text.hasPrefix("error: health rpc probe failed: rpc error: code = Unavailable desc = "))
    }

    @Test(
        "a message is read as protocol buffers are: unknown fields are passed over, broken ones refused",
        arguments: [
            ([0, 0, 0, 0, 2, 0x08, 1], 1), ([0, 0, 0, 0, 0], 0),
            ([0, 0, 0, 0, 6, 0x12, 2, 9, 9, 0x08, 2], 2), ([0, 0, 0, 0, 3, 0x08, 1], nil),
            ([0, 0, 0, 0, 1, 0x08], nil), ([1, 0, 0, 0, 2, 0x08, 1], nil), ([], nil),
            ([0, 0, 0, 0, 3, 0x12, 5, 9], nil),
        ] as [([UInt8], Int?)])
    func messages(frame: [UInt8], status: Int?) {
        #expect(HealthMessage.status(in: frame) == status)
    }
}
