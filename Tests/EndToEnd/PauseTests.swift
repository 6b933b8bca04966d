import Testing

@Suite("Scenario 9: one pause per Pod")
struct PauseTests {
    @Test("ps shows one pause per Pod; a container that dies restarts in its Pod, which stays what it is")
    func containerDies() async throws {
        try await TestNode.use(images: [.nginx, .busybox]) { node in
            try await node.repository.push(
                ["web/nginx-pod.yaml": Written.nginxPod, "a/a.yaml": Written.sleeper("a", seconds: 4001)], "Run two")
            try node.startAgent()
            try await node.running("a")
            let before = try await node.running("nginx-pod", "blue")
            let pauses = try node.processes(named: "pause")
            #expect(pauses.count == 2)

            let server = try #require(try node.processes(named: "nginx").first { $0.isFirstOfContainer })
            server.kill()

            let after = try await node.running("nginx-pod", "blue") {
                $0.restarts(of: "nginx-container") == 1
            }
            #expect(after.uid == before.uid)
            #expect(after.address == before.address)
            #expect(try node.processes(named: "pause") == pauses)
            let row = try await node.row("nginx-pod", "blue")
            #expect(row[3].wholeMatch(of: /1 \(\d+s ago\)/) != nil, "\(row)")
            #expect(after.lastExitCode(of: "nginx-container") == 137)
            #expect(try await node.row("a").prefix(4) == ["a", "1/1", "Running", "0"])
            try await node.eventually("the page is back") { try await node.page(at: after.address ?? "") != nil }
        }
    }

    @Test("a pause that dies takes its Pod's sandbox with it; the Pod is rebuilt and keeps its identity")
    func pauseDies() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            try node.startAgent()
            let before = try await node.running("nginx-pod", "blue")
            let pause = try #require(try node.processes(named: "pause").first)

            pause.kill()

            let old = before.containerID(of: "nginx-container")
            let after = try await node.running("nginx-pod", "blue") {
                $0.containerID(of: "nginx-container") != old
            }
            #expect(after.uid == before.uid)
            let pauses = try node.processes(named: "pause")
            #expect(pauses.count == 1 && pauses.first != pause)
            try await node.eventually("the page is back") { try await node.page(at: after.address ?? "") != nil }
        }
    }
}
