import Testing

@Suite("The examples")
struct ExampleTests {
    @Test("every Pod of the example repository runs, and shows what it is there for")
    func examples() async throws {
        try await TestNode.use(images: [.nginx, .centos, .busybox, .unhealthy]) { node in
            try await node.repository.push(try Written.allExamples(), "Run all examples")
            try node.startAgent()
            _ = try await node.running("nginx-pod", "blue")
            _ = try await node.running("multipod", ready: "2/2")
            _ = try await node.running("nginx-pod-env")
            _ = try await node.running("probed-pod")
            _ = try await node.running("limited-pod")
            let prepared = try await node.running("prepared-pod")
            let configured = try await node.running("configured-pod")
            let sidecar = try await node.running("sidecar-pod", ready: "2/2")
            _ = try await node.running("adapter-pod", ready: "2/2")
            _ = try await node.running("ambassador-pod", ready: "3/3")
            try await node.eventually("the server that falls ill was started again") {
                try await node.pod("liveness-pod")?.restarts(of: "unhealthy-container") ?? 0 > 0
            }

            try await node.page(of: prepared, contains: "<title>Prepared</title>")
            try await node.page(of: configured, contains: "<title>Configured</title>")
            try await node.page(of: sidecar, contains: "<title>Welcome to nginx!</title>")
            let about = try await node.agent("exec", "configured-pod", "--", "cat", "/etc/about/labels").output
            #expect(about == "tier=\"front\"")
            #expect(try await node.agent("exec", "configured-pod", "--", "env").output.contains("PASSWORD=example\n"))
            try await node.logs("sidecar-pod", "reader", contain: "GET / HTTP/1")
            try await node.logs("adapter-pod", "adapter", contain: "\"load\":")
            try await node.eventually("the ambassador passes on what the application asks localhost") {
                try await node.agent(
                    "exec", "ambassador-pod", "-c", "app", "--", "wget", "-qO-", "http://localhost:8080/"
                ).output.contains("<title>Welcome to nginx!</title>")
            }
        }
    }
}

extension TestNode {
    /// Waits until a Pod's web server shows a page with this in it.
    fileprivate func page(of pod: ShownPod, contains text: String) async throws {
        let address = try #require(pod.address)
        try await eventually("http://\(address)/ shows \(text)") { try await page(at: address)?.contains(text) == true }
    }

    /// Waits until a container has written this.
    fileprivate func logs(_ pod: String, _ container: String, contain text: String) async throws {
        try await eventually("\(container) of \(pod) writes \(text)") {
            try await agent("logs", pod, "-c", container).output.contains(text)
        }
    }
}
