import Glibc
import Testing

@Suite("Pods are not lost sight of")
struct LostSightTests {
    @Test(
        "options under which living Pods would not be found are refused, and what runs is left alone",
        arguments: ["--run-dir", "--log-dir", "--cgroup-parent", "--bridge", "--pod-cidr"])
    func otherOptions(option: String) async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/nginx-pod.yaml": Written.nginxPod], "Run a web server")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            let before = try await node.running("nginx-pod", "blue").life
            let other = option == "--pod-cidr" ? "10.99.0.0/16" : option.hasSuffix("-dir") ? "/tmp/other" : "other"

            let said = try await node.agent("reconcile", "--once", option, other)

            expect(said, exits: 2, saying: ["this node's Pods were made with \(option)", "not \(other)", "down"])
            #expect(try await node.running("nginx-pod", "blue").life == before)
        }
    }

    @Test("a supervisor that hangs is ended by down, with its Pod")
    func hangingSupervisor() async throws {
        try await TestNode.use { node in
            let brief = Written.nginxPod.replacing("spec:\n", with: "spec:\n  terminationGracePeriodSeconds: 2\n")
            try await node.repository.push(["web/nginx-pod.yaml": brief], "Run a web server")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            for process in try node.processes(named: "pod-supervisor") { kill(process.pid, SIGSTOP) }

            let said = try await node.agent("down")

            #expect(said.status == 0, "\(said)")
            #expect(try await node.remains() == [])
        }
    }
}
