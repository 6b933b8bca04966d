import Testing

@testable import Probes

@Suite("httpGet probes", .timeLimit(.minutes(10)))
struct HTTPGetTests {
    @Test(
        "200 to 299 is a success, the rest but redirects a failure that says its number and nothing of the body",
        arguments: [
            ("200 OK", ProbeOutcome.success), ("204 No Content", .success),
            ("404 Not Found", .failure("HTTP probe failed with statuscode: 404")),
            ("500 Oh", .failure("HTTP probe failed with statuscode: 500")),
        ])
    func statuses(status: String, expected: ProbeOutcome) async throws {
        let server = LoopbackServer { _ in answer(status, body: status.hasPrefix("204") ? "" : "secret")
        }
        defer { server.stop() }

        let outcome = try await withProber { await $0.once(.http(server.port)) }

        #expect(outcome == expected)
    }

    @Test("the request is the kubelet's: version, agent, accept, host, close, and no more")
    func request() async throws {
        let server = LoopbackServer { _ in answer("200 OK") }
        defer { server.stop() }

        _ = try await withProber { await $0.once(.http(server.port, "/healthz?full=1")) }

        #expect(
            server.requests == [
                """
                GET /healthz?full=1 HTTP/1.1\r
                Host: 127.0.0.1:\(server.port)\r
                User-Agent: kube-probe/1.36\r
                Accept: */*\r
                Connection: close\r
                \r

                """
            ])
    }

    @Test("headers of the manifest replace the usual ones; an empty Accept removes it")
    func headers() async throws {
        let server = LoopbackServer { _ in answer("200 OK") }
        defer { server.stop() }
        let headers: [HTTPGetProbe.Header] = [
            .init("Host", "shop.example"), .init("Accept", ""), .init("user-agent", "mine"),
            .init("X-Twice", "a"),
            .init("X-Twice", "b"),
        ]

        _ = try await withProber { await $0.once(.http(server.port, "/", headers)) }

        #expect(
            server.requests.first?.split(separator: "\r\n").dropFirst() == [
                "Host: shop.example", "user-agent: mine", "X-Twice: a", "X-Twice: b", "Connection: close",
            ])
    }

    @Test("a redirect of the same host is followed, with the headers, to what lies there")
    func sameHostRedirect() async throws {
        let server = LoopbackServer { request in
            request.hasPrefix("GET /old/a ")
                ? answer("302 Found", ["Location: ../new?x=1"]) : answer("503 Down")
        }
        defer { server.stop() }

        let outcome = try await withProber {
            await $0.once(.http(server.port, "/old/a", [.init("X-Key", "k")]))
        }

        #expect(outcome == .failure("HTTP probe failed with statuscode: 503"))
        #expect(server.requests.last?.hasPrefix("GET /new?x=1 HTTP/1.1\r\n") == true)
        #expect(server.requests.last?.contains("X-Key: k\r\n") == true)
    }

    @Test("a redirect to another host is a success with a warning, and not followed")
    func otherHostRedirect() async throws {
        let server = LoopbackServer { _ in
            answer(
                "302 Found", ["Location: http://0.0.0.0/"], body: "<a href=\"http://0.0.0.0/\">Found</a>.")
        }
        defer { server.stop() }

        let outcome = try await withProber { await $0.once(.http(server.port)) }

        #expect(
            outcome
                == .warning(
                    "Probe terminated redirects, Response body: <a href=\"http://0.0.0.0/\">Found</a>."))
        #expect(server.requests.count == 1)
    }

    @Test("ten requests are sent for one try, then it fails")
    func redirectCircle() async throws {
        let server = LoopbackServer { _ in answer("301 Moved", ["Location: /"]) }
        defer { server.stop() }

        let outcome = try await withProber { await $0.once(.http(server.port)) }

        #expect(
            outcome == .failure("Get \"http://127.0.0.1:\(server.port)/\": stopped after 10 redirects"))
        #expect(server.requests.count == 10)
    }

    @Test("a body longer than 10 KiB is not waited for")
    func longBody() async throws {
        let body = String(repeating: "x", count: 20 << 10)
        let server = LoopbackServer { _ in
            .stalled("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + body)
        }
        defer { server.stop() }

        let outcome = try await withProber { await $0.once(.http(server.port)) }

        #expect(outcome == .success)
    }

    @Test("what is silent fails when its time is over")
    func silence() async throws {
        let server = LoopbackServer { _ in .silence }
        defer { server.stop() }
        let begun = ContinuousClock.now

        let outcome = try await withProber {
            await $0.once(.http(server.port), timeout: .milliseconds(300))
        }

        #expect(
            outcome
                == .failure(
                    "Get \"http://127.0.0.1:\(server.port)/\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
                ))
        #expect(ContinuousClock.now - begun < .seconds(30))
    }

    @Test(
        "a body that breaks off, or does not end in time, is an error: it says nothing about the container"
    )
    func brokenBody() async throws {
        let server = LoopbackServer { request in
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
            return request.hasPrefix("GET /stall") ? .stalled(head) : .text(head)
        }
        defer { server.stop() }

        let broken = try await withProber { await $0.once(.http(server.port)) }
        let stalled = try await withProber {
            await $0.once(.http(server.port, "/stall"), timeout: .milliseconds(300))
        }

        #expect(broken == .error("unexpected EOF"))
        #expect(
            stalled
                == .error(
                    "context deadline exceeded (Client.Timeout or context cancellation while reading body)"))
    }

    @Test("what hangs up without a word, or does not speak HTTP, fails")
    func noHTTP() async throws {
        let mute = LoopbackServer { _ in .text("") }
        let strange = LoopbackServer { _ in .text("SSH-2.0-OpenSSH_9.9\r\n\r\n") }
        defer {
            mute.stop()
            strange.stop()
        }

        let hungUp = try await withProber { await $0.once(.http(mute.port)) }
        let noHTTP = try await withProber { await $0.once(.http(strange.port)) }

        #expect(hungUp == .failure("Get \"http://127.0.0.1:\(mute.port)/\": EOF"))
        guard case .failure(let text) = noHTTP else { return #expect(noHTTP == .failure("malformed")) }
        #expect(text.contains("malformed HTTP response"))
    }

    @Test("a header that could begin another request is not sent")
    func smuggling() async throws {
        let server = LoopbackServer { _ in answer("200 OK") }
        defer { server.stop() }

        for header in [
            HTTPGetProbe.Header("X", "a\r\nY: b"), .init("X\r\nY", "a"), .init("Host", "a\nb"), .init("", "a"),
        ] {
            let outcome = try await withProber { await $0.once(.http(server.port, "/", [header])) }

            guard case .failure(let text) = outcome else { return #expect(outcome == .failure("invalid")) }
            #expect(text.contains("net/http: invalid "))
        }
        #expect(server.requests.isEmpty)
    }

    @Test("a name is looked up, and what it leads to is dialled")
    func name() async throws {
        let server = LoopbackServer { _ in answer("200 OK") }
        defer { server.stop() }
        // Not in figures as an address is, and no other than the server's: localhost may be somebody else's over IPv6.
        let handler = ProbeHandler.httpGet(HTTPGetProbe(host: "127.1", port: .number(server.port)))

        let outcome = try await withProber { await $0.once(handler) }

        #expect(outcome == .success)
        #expect(server.requests.first?.contains("Host: 127.1:\(server.port)\r\n") == true)
    }

    @Test("a connection that is reset says so")
    func reset() async throws {
        let server = LoopbackServer { _ in .reset }
        defer { server.stop() }

        let outcome = try await withProber { await $0.once(.http(server.port)) }

        let address = "127.0.0.1:\(server.port)"
        #expect(outcome == .failure("Get \"http://\(address)/\": read tcp \(address): connection reset by peer"))
    }

    @Test("many are tried side by side, by one thread")
    func many() async throws {
        let server = LoopbackServer { _ in answer("200 OK", body: "fine") }
        defer { server.stop() }

        let outcomes = try await withProber { prober in
            await withTaskGroup(of: ProbeOutcome.self) { group in
                for _ in 0..<200 { group.addTask { await prober.once(.http(server.port)) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }

        #expect(outcomes.allSatisfy { $0 == .success })
        #expect(server.requests.count == 200)
    }

    @Test("nobody listens: the kubelet's words for it")
    func refused() async throws {
        let server = LoopbackServer { _ in .silence }
        server.stop()

        let outcome = try await withProber { await $0.once(.http(server.port)) }

        let address = "127.0.0.1:\(server.port)"
        #expect(
            outcome
                == .failure("Get \"http://\(address)/\": dial tcp \(address): connect: connection refused"))
    }

    @Test(
        "a port may be named; one that the container does not name, and a Pod without an address, are errors"
    )
    func namedPorts() async throws {
        let server = LoopbackServer { _ in answer("200 OK") }
        defer { server.stop() }
        let named = ProbeHandler.httpGet(HTTPGetProbe(port: .name("web")))

        try await withProber { prober in
            #expect(await prober.once(named, ports: ["web": server.port]) == .success)
            #expect(
                await prober.once(named) == .error("port \"web\" not found in the ports of container web"))
            #expect(
                await prober.once(.http(server.port), address: nil) == .error("the Pod has no address yet"))
        }
    }

    @Test("over TLS whatever certificate is shown will do")
    func tls() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        let handler = ProbeHandler.httpGet(HTTPGetProbe(scheme: .https, port: .number(server.port)))

        let outcome = try await withProber { await $0.once(handler) }

        #expect(outcome == .success)
    }

    @Test("a server without TLS fails an https probe")
    func noTLS() async throws {
        let server = LoopbackServer { _ in .text("HTTP/1.1 400 Bad Request\r\n\r\n") }
        defer { server.stop() }
        let handler = ProbeHandler.httpGet(HTTPGetProbe(scheme: .https, port: .number(server.port)))

        let outcome = try await withProber { await $0.once(handler, timeout: .seconds(2)) }

        guard case .failure(let text) = outcome else { return #expect(outcome == .failure("no TLS")) }
        #expect(text.hasPrefix("Get \"https://127.0.0.1:\(server.port)/\": "))
    }

    @Test("cancelling ends a try at once")
    func cancellation() async throws {
        let server = LoopbackServer { _ in .silence }
        defer { server.stop() }

        try await withProber { prober in
            let probing = Task { await prober.once(.http(server.port), timeout: .seconds(50)) }
            while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            probing.cancel()
            _ = await probing.value
        }
    }
}
