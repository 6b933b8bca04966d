import Foundation
import Manifests
import Testing

@Suite("What Pods use, as top tells it")
struct TopTests {
    private static let pods = """
        apiVersion: v1
        kind: Pod
        metadata: {name: burner, labels: {tier: back}}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
            - name: busy
              image: busybox:1.28
              command: ["sh", "-c", "while :; do :; done"]
              resources: {limits: {cpu: 300m}}
            - name: idle
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; sleep 4001 & wait"]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: holder}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "x=$(dd if=/dev/zero bs=1000000 count=40 | tr '\\\\0' x); echo held; trap exit TERM; sleep 4001 & wait"]

        """

    @Test("processors and memory of Pods and containers, with and without an agent; a node, and what is not there")
    func top() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/pods.yaml": Self.pods], "Use something")
            try node.startAgent()
            try await node.running("burner", ready: "2/2")
            try await node.running("holder")
            try await node.eventually("it holds what it read") {
                try await node.agent("logs", "holder").output.contains("held")
            }

            let table = try await node.agent("top", "pods", "--window", "2s")
            #expect(table.rows.first == ["NAME", "CPU(cores)", "MEMORY(bytes)"])
            let rows = Dictionary(table.rows.dropFirst().map { ($0[0], $0) }, uniquingKeysWith: { $1 })
            let held = rows["holder"].flatMap { Int($0[2].dropLast(2)) } ?? 0
            #expect((38...200).contains(held), "\(table)")
            // Bound to 300m; on a machine that is busy it may get less.
            let used = rows["burner"].flatMap { Int($0[1].dropLast()) } ?? 0
            #expect((50...330).contains(used), "\(table)")

            let containers = try await node.agent(
                "top", "pod", "-A", "--containers", "--sort-by", "cpu", "-l", "tier=back", "--no-headers", "--sum")
            #expect(
                containers.rows.prefix(2).map { Array($0.prefix(3)) } == [
                    ["default", "burner", "busy"], ["default", "burner", "idle"],
                ], "\(containers)")
            #expect(containers.output.contains("________"), "\(containers)")

            let wide = try await node.agent("top", "pods", "burner", "-o", "wide")
            #expect(wide.rows.first?.suffix(4) == ["PIDS", "RESTARTS", "RECEIVED", "SENT"], "\(wide)")
            #expect(wide.rows.last?[3] == "3" && wide.rows.last?[4] == "0", "\(wide)")

            try node.killAgent()
            let json = try await node.agent("top", "pods", "holder", "-o", "json", "--window", "500ms")
            let object = try JSONDecoder().decode(JSONValue.self, from: Data(json.output.utf8))
            #expect(object["kind"]?.string == "PodMetrics" && object["window"]?.string == "500ms", "\(json)")
            #expect(object["containers"]?[0]?["usage"]?["memory"]?.string?.hasSuffix("Ki") == true, "\(json)")
            #expect(json.errors.contains("no agent is running"), "\(json)")

            let whole = try await node.agent("top", "node")
            #expect(whole.rows.first == ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"], "\(whole)")
            #expect(whole.rows.last?.first == "node-1" && whole.rows.last?[2].hasSuffix("%") == true, "\(whole)")
            let missing = try await node.agent("top", "pod", "nobody")
            #expect(missing.status == 1 && missing.errors.contains("pods \"nobody\" not found"), "\(missing)")
            let window = try await node.agent("top", "pods", "--window", "1ms")
            #expect(window.status == 2, "\(window)")
        }
    }
}
