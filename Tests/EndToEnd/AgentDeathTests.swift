import Foundation
import Testing

@Suite("Scenario 18: the agent is killed")
struct AgentDeathTests {
    @Test("Pods do not notice the agent's death; the next agent takes over what runs, as it runs")
    func takenOver() async throws {
        try await TestNode.use(images: [.nginx, .centos]) { node in
            try await node.repository.push(
                ["web/nginx-pod.yaml": Written.nginxPod, "multi/multipod.yaml": Written.multipod], "Run two Pods")
            try node.startAgent()
            let web = try await node.running("nginx-pod", "blue")
            let multi = try await node.running("multipod", ready: "2/2")
            let address = try #require(web.address)

            try node.killAgent()
            #expect(try await node.page(at: address)?.contains("Welcome to nginx!") == true)
            #expect(try await node.pod("nginx-pod", "blue")?.life == web.life, "get answers without an agent")
            #expect(try await node.agent("exec", "nginx-pod", "-n", "blue", "--", "true").status == 0)

            let revision = try await node.repository.push(["note.md": "seen\n"], "Change nothing that runs")
            try node.startAgent()
            try await node.eventually("the new agent has seen the new revision") {
                try await node.agent("history").output.contains(revision.prefix(7))
            }
            #expect(try await node.pod("nginx-pod", "blue")?.life == web.life)
            #expect(try await node.pod("multipod")?.life == multi.life)
            #expect(try await node.page(at: address) != nil)
        }
    }

    @Test("a Pod whose run directory was deleted is rebuilt, and down leaves nothing of what it was")
    func runDirectoryDeleted() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            let before = try await node.running("nginx-pod", "blue")
            try FileManager.default.removeItem(atPath: "\(node.base)/run")

            try node.startAgent()
            let after = try await node.running("nginx-pod", "blue") {
                $0.containerID(of: "nginx-container") != before.containerID(of: "nginx-container")
            }

            #expect(after.uid == before.uid)
            #expect(try node.processes(named: "pause").count == 1)
        }
    }

    @Test("an agent killed at ten random instants while four Pods start: all run in the end, nothing is doubled")
    func killedWhileStarting() async throws {
        try await TestNode.use(images: [.nginx, .busybox]) { node in
            let names = ["a", "b", "c"]
            var files: [String: String?] = ["web/nginx-pod.yaml": Written.nginxPod]
            for name in names { files["\(name)/\(name).yaml"] = Written.sleeper(name, seconds: 4242) }
            try await node.repository.push(files, "Run four Pods")

            for _ in 0..<10 {
                try node.startAgent()
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...900)))
                try node.killAgent()
            }
            try node.startAgent()
            var pods = [try await node.running("nginx-pod", "blue")]
            for name in names { pods.append(try await node.running(name)) }

            #expect(Set(pods.map(\.uid)).count == 4)
            #expect(Set(pods.map(\.address)).count == 4)
            #expect(try await node.agent("get", "pods", "-A").rows.count == 5, "a header and four Pods")
            #expect(try node.processes(named: "pause").count == 4)
            let first = try NodeProcess.all(below: node.cgroupParent).filter(\.isFirstOfContainer)
            #expect(first.count { $0.name == "nginx" } == 1 && first.count { $0.name == "sh" } == 3, "\(first)")
            #expect(first.count == 4, "four containers, nothing else: \(first)")
            let links = try await node.run("ip", ["-o", "link", "show", "master", node.bridge])
            #expect(links.rows.count == 4, "\(links)")
            #expect(pods.allSatisfy { $0.life.allSatisfy { !$0.hasSuffix(" 1") } }, "no container was started twice")
        }
    }
}
