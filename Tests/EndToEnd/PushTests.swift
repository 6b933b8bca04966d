import Testing

@Suite("What is pushed is what runs")
struct PushTests {
    @Test("a push that changes one Pod leaves the other alone; a removal ends its Pod; history tells both")
    func changeAndRemove() async throws {
        try await TestNode.use(images: [.nginx, .busybox]) { node in
            let first = try await node.repository.push(
                ["web/nginx-pod.yaml": Written.nginxPod, "a/a.yaml": Written.sleeper("a", seconds: 4001)],
                "Run two Pods", author: "Ada")
            try node.startAgent()
            let web = try await node.running("nginx-pod", "blue")
            let old = try await node.running("a")

            let second = try await node.repository.push(
                ["a/a.yaml": Written.sleeper("a", seconds: 4002)], "Sleep longer", author: "Grace")
            let new = try await node.running("a") { $0.uid != old.uid }
            #expect(new.restarts(of: "main") == 0)
            #expect(try await node.pod("nginx-pod", "blue")?.life == web.life)

            let third = try await node.repository.push(["a/a.yaml": nil], "Sleep no more", author: "Linus")
            try await node.eventually("a is gone") { try await node.row("a").isEmpty }
            #expect(try await node.pod("nginx-pod", "blue")?.life == web.life)
            #expect(try node.processes(named: "pause").count == 1)

            let history = try await node.agent("history")
            let lines = history.output.split(separator: "\n").map(String.init)
            #expect(lines.first?.contains(/REVISION +WHEN +AUTHOR +SUBJECT +RESULT/) == true)
            let told = [
                (third, "Linus", "Sleep no more"), (second, "Grace", "Sleep longer"), (first, "Ada", "Run two Pods"),
            ]
            let revisions = lines.dropFirst().filter { !$0.hasPrefix(" ") }
            #expect(revisions.count == 3, "\(history)")
            for (line, (revision, author, subject)) in zip(revisions, told) {
                #expect(line.hasPrefix(String(revision.prefix(7))), "\(history)")
                #expect(line.contains(author) && line.contains(subject) && line.hasSuffix("accepted"), "\(history)")
            }
            #expect(lines.contains { $0.hasPrefix("  create blue/nginx-pod: ") }, "\(history)")
            #expect(lines.contains { $0.hasPrefix("  replace default/a: ") }, "\(history)")
            #expect(lines.contains { $0.hasPrefix("  delete default/a: ") }, "\(history)")
        }
    }

    @Test("down ends every Pod, tells each, and leaves images and history")
    func down() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            #expect(try await node.agent("reconcile", "--once").status == 0)

            let down = try await node.agent("down")
            #expect(down.status == 0)
            #expect(down.output == "pod \"nginx-pod\" deleted from blue namespace\n")
            #expect(try await node.remains() == [])
            #expect(try await node.agent("image", "list").rows.last?.first == "nginx:1.14")
            #expect(try await node.agent("history").output.contains("Run a web server"))

            #expect(try await node.agent("reconcile", "--once").status == 0, "and the node can begin again")
            #expect(try await node.row("nginx-pod", "blue").prefix(3) == ["nginx-pod", "1/1", "Running"])
        }
    }
}
