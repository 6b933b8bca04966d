import Foundation
import Glibc
import Testing

@Suite("Scenario 4: what containers wrote")
struct LogsTests {
    /// A Pod that says something every fifth of a second, and one more container that says one thing.
    private static func talker(_ name: String, lines: Int, then last: String = "sleep 10000") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: \(name)
        spec:
          restartPolicy: Never
          containers:
            - name: talks
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; i=0; while [ $i -lt \(lines) ]; do i=$((i+1)); echo line $i; sleep 0.2; done; \(last) & wait"]
            - name: rests
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; echo rested >&2; sleep 10000 & wait"]

        """
    }

    @Test("--tail, --since, --since-time, --timestamps, --prefix and --all-containers choose as kubectl does")
    func selection() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/a.yaml": Self.talker("a", lines: 5)], "Talk")
            try node.startAgent()
            try await node.eventually("all is said") {
                try await node.agent("logs", "a", "-c", "talks").output.contains("line 5")
            }

            let stamped = try await node.agent("logs", "a", "-c", "talks", "--timestamps").output.split(separator: "\n")
            #expect(stamped.count == 5)
            #expect(stamped.allSatisfy { $0.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z line \d$/) }, "\(stamped)")
            #expect(try await node.agent("logs", "a", "-c", "talks", "--tail", "2").output == "line 4\nline 5\n")
            let third = try #require(stamped[2].split(separator: " ").first.map(String.init))
            let since = try await node.agent("logs", "a", "-c", "talks", "--since-time", third)
            #expect(since.output == "line 3\nline 4\nline 5\n", "\(since)")
            #expect(try await node.agent("logs", "a", "-c", "talks", "--since", "1h").output.hasPrefix("line 1\n"))
            #expect(try await node.agent("logs", "a", "-c", "talks", "--since", "1ms").output == "")

            let all = try await node.agent("logs", "pod/a", "--all-containers", "--prefix", "--tail", "1")
            #expect(all.output == "[pod/a/talks] line 5\n[pod/a/rests] rested\n", "\(all)")
            #expect(all.errors.isEmpty)
            let both = try await node.agent("logs", "a", "--since", "1s", "--since-time", third)
            #expect(both.status == 2, "\(both)")
            let previous = try await node.agent("logs", "a", "-p", "-c", "talks")
            #expect(previous.complaints == ["error: previous terminated container \"talks\" in pod \"a\" not found"])
        }
    }

    @Test("-f goes on with what is written, and ends when the container has ended for good")
    func follow() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/a.yaml": Self.talker("a", lines: 10, then: "true")], "Talk")
            try node.startAgent()
            try await node.eventually("the first line is there") {
                try await node.agent("logs", "a", "-c", "talks").output.contains("line 1")
            }

            let said = try await node.agent("logs", "-f", "a", "-c", "talks")

            #expect(said.status == 0 && said.output == (1...10).map { "line \($0)\n" }.joined(), "\(said)")
        }
    }

    @Test("a container that cannot start says why in the kubelet's words; a completed Pod takes no exec")
    func waiting() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let once = Written.sleeper("b", seconds: 1).replacing("spec:\n", with: "spec:\n  restartPolicy: Never\n")
                .replacing("trap exit TERM; sleep 1 & wait", with: "true")
            try await node.repository.push(
                [
                    "a/a.yaml": Written.sleeper("a", seconds: 1).replacing("busybox:1.28", with: "absent:1"),
                    "b/b.yaml": once,
                ],
                "Ask for what is not there")
            // A Pod that runs once may still run when a pass ends; the next pass sees its end.
            try await node.eventually("b has completed") {
                _ = try await node.agent("reconcile", "--once", "--timeout", "10s")
                return try await node.agent("get", "pods").output.contains("Completed")
            }

            let logs = try await node.agent("logs", "a")
            #expect(logs.status == 1)
            #expect(
                logs.complaints.first
                    == "error: container \"main\" in pod \"a\" is waiting to start: image can't be pulled", "\(logs)")
            let exec = try await node.agent("exec", "a", "--", "true")
            #expect(exec.status == 1)
            #expect(
                exec.complaints.first == "error: unable to upgrade connection: container not found (\"main\")",
                "\(exec)")
            let completed = try await node.agent("exec", "b", "--", "true")
            #expect(
                completed.complaints
                    == ["error: cannot exec into a container in a completed pod; current phase is Succeeded"])
        }
    }
}
