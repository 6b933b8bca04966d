import Foundation
import Manifests
import Testing

@Suite("Init containers and sidecars")
struct InitTests {
    private static let manifest = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: app
        spec:
          initContainers:
            - name: first
              image: busybox:1.28
              command: ["sh", "-c", "echo first; until [ -e /tmp/go ]; do usleep 100000; done"]
            - name: side
              image: busybox:1.28
              restartPolicy: Always
              command: ["sh", "-c", "trap 'echo side ends; exit' TERM; echo side; while :; do usleep 50000; done"]
            - name: second
              image: busybox:1.28
              command: ["sh", "-c", "echo second"]
          containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "trap 'sleep 1; exit' TERM; echo main; while :; do usleep 50000; done"]

        """

    @Test("run in turn; the sidecar stays, counts in READY, and ends last")
    func inTurn() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["app/pod.yaml": Self.manifest], "Run what must be prepared")
            try node.startAgent()
            try await node.eventually("the first init container runs") {
                try await node.row("app").prefix(3) == ["app", "0/2", "Init:0/3"]
            }
            #expect(try await node.agent("logs", "app", "-c", "first").output == "first\n")
            let waiting = try await node.pod("app")
            #expect(waiting?.condition("Initialized") == "False ContainersNotInitialized")
            #expect(waiting?.phase == "Pending")

            #expect(try await node.agent("exec", "app", "-c", "first", "--", "touch", "/tmp/go").status == 0)
            let running = try await node.running("app", ready: "2/2")
            #expect(running.condition("Initialized") == "True")
            #expect(try await node.agent("logs", "app", "-c", "second").output == "second\n")
            let said = try await node.agent("logs", "app")
            #expect(said.output == "main\n")
            #expect(
                said.complaints == [
                    #"Defaulted container "main" out of: main, first (init), side (init), second (init)"#
                ])
            let page = try await node.agent("describe", "pod", "app").output
            #expect(page.contains("Init Containers:\n  first:\n"), "\(page)")

            try node.processes(named: "sh").filter(\.isFirstOfContainer).forEach { $0.kill() }
            try await node.running("app", ready: "2/2") { $0.restarts(of: "main") == 1 }
            let restarted = try await node.pod("app")
            #expect(restarted?.initContainer("side")?["restartCount"] == 1)
            #expect(restarted?.initContainer("first")?["restartCount"] == 0, "what ended is not run again")
        }
    }
}
