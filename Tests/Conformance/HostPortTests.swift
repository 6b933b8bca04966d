import Foundation
import Glibc
import Manifests
import Testing

/// Traffic goes between namespaces that the test made: the node's, its Pods', and the world's, a neighbour on a link.
@Suite("Ports of the node")
struct HostPortTests {
    private static let serve = "echo $(hostname) > /tmp/name; trap 'exit 0' TERM; busybox httpd -f -p 80 -h /tmp & wait"

    private func web(_ name: String, _ port: String) -> String {
        pod(name, containers: container("main", Self.serve, "ports: [{containerPort: 80, \(port)}]"))
    }

    /// Gives the node a neighbour: a namespace that ends with the node's, joined to it by 192.0.2.0/24.
    private func withWorld(_ node: TestNode, _ body: (String) async throws -> Void) async throws {
        let name = "reconcile-world-\(UUID().uuidString.prefix(8).lowercased())"
        func run(_ script: String) async throws {
            let said = try await node.run("/bin/sh", ["-euc", script])
            guard said.status == 0 else { throw NodeFailure("\(script): \(said)") }
        }
        try await run(
            """
            ip link set lo up
            ip netns add \(name)
            ip link add up0 type veth peer name eth0 netns \(name)
            ip address add 192.0.2.1/24 dev up0
            ip link set up0 up
            ip -n \(name) address add 192.0.2.2/24 dev eth0
            ip -n \(name) link set eth0 up
            """)
        do { try await body(name) } catch {
            try? await run("ip link delete up0; ip netns delete \(name)")
            throw error
        }
        try await run("ip link delete up0; ip netns delete \(name)")
    }

    private func answer(_ node: TestNode, _ url: String, from world: String? = nil) async throws -> String? {
        let curl = ["/usr/bin/curl", "--silent", "--fail", "--max-time", "2", "http://\(url)/name"]
        let said =
            if let world { try await node.run("/usr/sbin/ip", ["netns", "exec", world] + curl) } else {
                try await node.run(curl[0], Array(curl.dropFirst()))
            }
        return said.status == 0 ? said.output.trimmingCharacters(in: .whitespacesAndNewlines) : nil
    }

    @Test("a hostPort is reached from the world, the node, its loopback and Pods, the Pod included")
    func reach() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await withWorld(node) { world in
                try await node.start(
                    web("web", "hostPort: 8080"), web("local", "hostPort: 8081, hostIP: 127.0.0.1"),
                    pod("client", containers: container("main", Script.patient)))
                for name in ["web", "local", "client"] { try await node.running(name) }
                try await node.eventually("web listens") { try await answer(node, "192.0.2.1:8080") == "web" }
                try await node.eventually("local listens") { try await answer(node, "127.0.0.1:8081") == "local" }

                #expect(try await answer(node, "192.0.2.1:8080", from: world) == "web")
                #expect(try await answer(node, "127.0.0.1:8080") == "web")
                #expect(try await answer(node, "192.0.2.1:8081", from: world) == nil)
                for name in ["client", "web"] {
                    let said = try await node.inside(
                        name, "busybox timeout 5 busybox wget -q -O - http://192.0.2.1:8080/name")
                    #expect(said == "web\n", "from \(name)")
                }
                let page = try await node.agent("describe", "pod", "web").output
                #expect(page.contains(/Host Port: +8080\/TCP/), "\(page)")
                let yaml = try await node.agent("get", "pod", "local", "-o", "yaml").output
                #expect(yaml.contains("hostPort: 8081") && yaml.contains("hostIP: 127.0.0.1"), "\(yaml)")
                let status = try await node.agent("status").output
                #expect(status.contains(/Host ports +8080\/TCP to default\/web \(10\.88\.0\.\d+:80\)/), "\(status)")

                try node.killAgent()
                #expect(try await answer(node, "192.0.2.1:8080", from: world) == "web")
                try node.startAgent()
                try await node.repository.push(["app0/pod.yaml": nil], "Remove web")
                try await node.eventually("web is gone") { try await node.pod("web") == nil }
                #expect(try await answer(node, "192.0.2.1:8080") == nil)
                #expect(try await answer(node, "127.0.0.1:8081") == "local")
            }
        }
    }

    @Test("Pods reach the world in the node's name, and the node passes them on")
    func wayOut() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await withWorld(node) { world in
                try await node.start(pod("client", containers: container("main", Script.patient)))
                try await node.running("client")
                let server = try node.startInBackground(
                    program: "/usr/sbin/ip",
                    ["netns", "exec", world, "busybox", "httpd", "-f", "-v", "-p", "192.0.2.2:80", "-h", node.base])
                try await node.eventually("the world answers") {
                    try await node.inside(
                        "client",
                        "busybox timeout 5 busybox wget -q -O /dev/null http://192.0.2.2/agent.log && echo yes || true")
                        == "yes\n"
                }
                try server.end(by: SIGKILL)
                let heard = try server.text()
                #expect(heard.contains("192.0.2.1"), "\(heard)")
            }
        }
    }

    @Test("of two Pods with one hostPort the second is Pending, and starts when the first is gone")
    func conflict() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(web("first", "hostPort: 8080"))
            try await node.running("first")
            try await node.repository.push(
                [
                    "second/pod.yaml": web("second", "hostPort: 8080, hostIP: 127.0.0.1"),
                    "third/pod.yaml": web("third", "hostPort: 8080, protocol: UDP"),
                ], "Ask for the same port")
            try await node.running("third")
            let second = try await node.pod("second", "waits") {
                $0.condition("PodScheduled") == "False Unschedulable"
            }
            #expect(second.phase == "Pending")
            #expect(
                second.message("PodScheduled")?.hasPrefix(
                    "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.") == true)

            try await node.repository.push(["app0/pod.yaml": web("first", "hostPort: 8081")], "Move the first")
            try await node.running("second")
        }
    }

    @Test("a Pod that is replaced hands its hostPort to its successor; hostNetwork needs none, and is given its own")
    func successor() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let policy = "\(node.base)/policy.yaml"
            try "rules: [{name: all, namespaces: ['*'], allow: {hostNetwork: true, hostPorts: [81]}}]\n"
                .write(toFile: policy, atomically: true, encoding: .utf8)
            try await node.start(
                web("web", "hostPort: 81"),
                pod(
                    "host", "hostNetwork: true",
                    containers: container("main", Script.patient, "ports: [{containerPort: 9001}]")),
                variables: ["RECONCILE_AGENT_POLICY": policy])
            let before = try await node.running("web")
            let host = try await node.running("host")
            #expect(
                host.json["spec"]?["containers"]?[0]?["ports"]?[0]?["hostPort"] == 9001, "\(host.json)")
            try await node.eventually("web listens") { try await answer(node, "10.88.0.1:81") == "web" }

            let diff = web("web", "hostPort: 81, name: http")
            try await node.repository.push(["app0/pod.yaml": diff], "Name the port")
            try await node.pod("web", "is another") { $0.uid != before.uid && $0.phase == "Running" }
            try await node.eventually("the successor listens") { try await answer(node, "10.88.0.1:81") == "web" }
        }
    }

    @Test("a hostPort below 1024 needs the node's policy; what is wrong with one is said with its place")
    func refusals() async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(
                [
                    "low/pod.yaml": web("low", "hostPort: 80"),
                    "twice/pod.yaml": pod(
                        "twice",
                        containers: container(
                            "main", "true",
                            "ports: [{containerPort: 1, hostPort: 9000}, {containerPort: 2, hostPort: 9000}]")),
                ], "Ask for too much")
            let said = try await node.agent("reconcile", "--once")
            #expect(said.status == 5, "\(said)")
            let words = said.output + said.errors
            #expect(words.contains("spec.containers[0].ports[0].hostPort: Forbidden by the node's policy"), "\(words)")
            #expect(words.contains("have the node's administrator allow the hostPort 80 (--policy)"), "\(words)")
            #expect(words.contains("spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//9000\""), "\(words)")
        }
    }
}
