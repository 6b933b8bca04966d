import Testing

@Suite("Scenario 3: two containers, one network")
struct MultipodTests {
    @Test("multipod is 2/2; a shell in one container sees its own processes, and the other's page on localhost")
    func multipod() async throws {
        try await TestNode.use(images: [.nginx, .centos]) { node in
            try await node.repository.push(["multi/multipod.yaml": Written.multipod], "Run two containers")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            #expect(try await node.row("multipod").prefix(4) == ["multipod", "2/2", "Running", "0"])

            let shell = try await node.agentOnTerminal(
                ["exec", "multipod", "-c", "centos-container", "-it", "--", "/bin/bash"],
                input: "ps -ef\ncurl -s localhost:80\ntty\nexit 5\n")
            #expect(shell.status == 5, "the shell's exit code: \(shell)")
            #expect(shell.output.contains(/root +1 +0 .* sleep 10000\n/), "\(shell)")
            #expect(shell.output.contains("<title>Welcome to nginx!</title>"), "\(shell)")
            #expect(shell.output.contains(/\/dev\/pts\/\d+\n/), "\(shell)")
        }
    }

    @Test("logs and exec say which container they chose, as kubectl says it, and -c chooses another")
    func defaultContainer() async throws {
        try await TestNode.use(images: [.nginx, .centos]) { node in
            try await node.repository.push(["multi/multipod.yaml": Written.multipod], "Run two containers")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            let notice = "Defaulted container \"nginx-container\" out of: nginx-container, centos-container\n"
            let address = try #require(try await node.pod("multipod")?.address)
            _ = try await node.page(at: address)

            let logs = try await node.agent("logs", "multipod")
            #expect(logs.errors == notice)
            #expect(logs.output.contains("\"GET / HTTP/1.1\" 200"), "\(logs)")
            let chosen = try await node.agent("logs", "multipod", "-c", "centos-container")
            #expect((chosen.status, chosen.output, chosen.errors) == (0, "", ""))
            #expect(try await node.agent("exec", "multipod", "--", "true").errors == notice)

            let wrong = try await node.agent("logs", "multipod", "-c", "web")
            #expect(wrong.status == 1)
            #expect(
                wrong.errors
                    == "error: container web is not valid for pod multipod out of: nginx-container, centos-container\n")
        }
    }
}
