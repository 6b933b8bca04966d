import Testing

@Suite("Scenario 14: an ambassador")
struct AmbassadorTests {
    @Test("an ambassador passes what its Pod asks of localhost on to another Pod")
    func ambassador() async throws {
        try await TestNode.use(images: [.nginx, .busybox]) { node in
            try await node.repository.push(["web/pod.yaml": Written.nginxPod], "Run a web server")
            try node.startAgent()
            let address = try #require(try await node.running("nginx-pod", "blue").address)
            let manifest = """
                apiVersion: v1
                kind: Pod
                metadata: {name: app}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - {name: main, image: 'busybox:1.28', command: [sh, -c, 'trap exit TERM; sleep 4001 & wait']}
                  - name: ambassador
                    image: busybox:1.28
                    command: [sh, -c, 'trap exit TERM; nc -ll -p 8080 -e nc \(address) 80 & wait']

                """
            try await node.repository.push(["app/pod.yaml": manifest], "Send an ambassador")
            _ = try await node.running("app", ready: "2/2")

            try await node.eventually("the page comes by way of localhost") {
                let page = try await node.agent(
                    "exec", "app", "-c", "main", "--", "wget", "-q", "-O", "-", "http://localhost:8080/")
                return page.output.contains("<title>Welcome to nginx!</title>")
            }
            #expect(try await node.agent("logs", "nginx-pod", "-n", "blue").output.contains("GET / HTTP/1"))
        }
    }
}
