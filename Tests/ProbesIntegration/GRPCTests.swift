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

    @Test(
        "who speaks no HTTP/2 in time was not connected to, and who says no more after that was late, in the kubelet's words"
    )
    func absent() async throws {
        let silent = LoopbackServer { _ in .silence }
        let other = LoopbackServer { _ in .text("HTTP/1.1 400 Bad Request\r\n\r\n") }
        let closing = LoopbackServer { _ in .text("") }
        // An empty SETTINGS frame: what an HTTP/2 server begins with.
        let slow = LoopbackServer { _ in .stalled("\0\0\0\u{4}\0\0\0\0\0") }
        defer { for server in [silent, other, closing, slow] { server.stop() } }
        let gone = LoopbackServer { _ in .silence }
        gone.stop()

        try await withProber { prober in
            for server in [silent, other, closing, gone] {
                let outcome = await prober.once(.grpc(GRPCProbe(port: server.port)), timeout: .seconds(1))
                let words =
                    "timeout: failed to connect service \"127.0.0.1:\(server.port)\" within 1s: context deadline exceeded"
                #expect(outcome == .failure(words))
            }
            let late = await prober.once(.grpc(GRPCProbe(port: slow.port)), timeout: .seconds(1))
            #expect(late == .failure("timeout: health rpc did not complete within 1s"))
        }
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
