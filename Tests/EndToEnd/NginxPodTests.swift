import Manifests
import Testing

@Suite("Scenario 1: a web server is pushed")
struct NginxPodTests {
    @Test("nginx-pod runs in its namespace, is told as kubectl tells it, and serves its page at its address")
    func nginxPod() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            let pass = try await node.agent("reconcile", "--once")
            #expect(pass.status == 0, "\(pass)")

            let table = try await node.agent("get", "pods", "-n", "blue")
            #expect(table.output.hasPrefix("NAME        READY   STATUS    RESTARTS   AGE\n"), "\(table)")
            #expect(table.output.contains(/\nnginx-pod   1\/1     Running   0          \d+s\n$/), "\(table)")
            #expect(table.errors.hasPrefix("no agent is running: Pods are unsupervised since "))

            let wide = try await node.agent("get", "pods", "-n", "blue", "-o", "wide")
            let pod = try #require(try await node.pod("nginx-pod", "blue"))
            let address = try #require(pod.address)
            #expect(
                wide.rows.first == [
                    "NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE", "NOMINATED NODE", "READINESS GATES",
                ])
            #expect(wide.rows.last?.dropFirst(5).prefix(2) == [address, "node-1"], "\(wide)")

            #expect(try await node.page(at: address)?.contains("<title>Welcome to nginx!</title>") == true)
        }
    }

    @Test("-o json and -o yaml tell the Pod as the API does, and tell the same")
    func objects() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            _ = try await node.agent("reconcile", "--once")

            let pod = try #require(try await node.pod("nginx-pod", "blue"))
            #expect(pod.json["kind"] == "Pod")
            #expect(pod.json["apiVersion"] == "v1")
            #expect(pod.uid?.wholeMatch(of: /[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/) != nil)
            #expect(pod.address?.wholeMatch(of: /10\.88\.\d+\.\d+/) != nil)
            #expect(pod.phase == "Running")
            let container = try #require(pod.container("nginx-container"))
            #expect(container["ready"] == true)
            #expect(container["restartCount"] == 0)
            #expect(container["image"] == "docker.io/library/nginx:1.14")
            #expect(container["imageID"]?.string?.hasPrefix("sha256:") == true)
            #expect(container["state"]?["running"]?["startedAt"] != nil)

            let yaml = try await node.agent("get", "pod", "nginx-pod", "-n", "blue", "-o", "yaml").output
            #expect(yaml == pod.json.yaml)
            #expect(yaml.contains("\nkind: Pod\n"))
            let list = try await node.agent("get", "pods", "-A", "-o", "yaml").output
            #expect(list.contains("kind: List\n") && list.contains("    uid: \(pod.uid ?? "?")\n"), "\(list)")
        }
    }

    @Test("a namespace without Pods, a Pod that is not there and a kind that is not here are told apart")
    func nothingThere() async throws {
        try await TestNode.use(images: []) { node in
            let never = try await node.agent("get", "pods")
            #expect(never.status == 1)
            #expect(never.complaints.first?.hasPrefix("error: no agent ever ran with \(node.base)/state") == true)
            try await node.repository.push(["README.md": "Nothing yet.\n"], "Begin")
            #expect(try await node.agent("reconcile", "--once").status == 0)

            let empty = try await node.agent("get", "pods", "-n", "blue")
            #expect((empty.status, empty.errors) == (0, "No resources found in blue namespace.\n"))
            let missing = try await node.agent("get", "pod", "web")
            #expect(missing.status == 1)
            #expect(missing.complaints.first == "error: pods \"web\" not found in namespace \"default\"")
            #expect(try await node.agent("get", "deployments").status == 2)
        }
    }
}
