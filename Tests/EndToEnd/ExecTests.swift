import Testing

@Suite("Scenario 13: an environment, and programs that see it")
struct ExecTests {
    @Test("exec prints what the container has in its environment, and ends as its program ends")
    func environment() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["env/nginx-pod-env.yaml": Written.environmentPod], "Set a variable")
            #expect(try await node.agent("reconcile", "--once").status == 0)

            let variables = try await node.agent("exec", "nginx-pod-env", "--", "env")
            #expect(variables.output.split(separator: "\n").contains("MYVAR=testValue"), "\(variables)")
            #expect(variables.output.split(separator: "\n").contains("HOSTNAME=nginx-pod-env"), "\(variables)")

            let seven = try await node.agent(
                "exec", "nginx-pod-env", "--", "sh", "-c", "echo out; echo err >&2; exit 7")
            #expect(
                (seven.status, seven.output, seven.errors) == (7, "out\n", "err\ncommand terminated with exit code 7\n")
            )
            #expect(try await node.agent("exec", "nginx-pod-env", "--", "sh", "-c", "kill -9 $$").status == 137)
            let missing = try await node.agent("exec", "nginx-pod-env", "--", "no-such-program")
            #expect(missing.status == 127)
            #expect(missing.complaints.count == 1 && missing.errors.contains("no-such-program"), "\(missing)")
        }
    }

    @Test("exec -i passes standard input on to its end, byte for byte")
    func standardInput() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["env/nginx-pod-env.yaml": Written.environmentPod], "Set a variable")
            #expect(try await node.agent("reconcile", "--once").status == 0)

            let text = (1...5000).map { "line \($0)\n" }.joined()
            let said = try await node.agent(["exec", "-i", "nginx-pod-env", "--", "cat"], input: text)
            #expect(said.status == 0)
            #expect(said.output == text)
        }
    }
}
