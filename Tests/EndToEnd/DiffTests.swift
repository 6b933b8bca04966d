import Foundation
import Manifests
import Testing

@Suite("diff tells what a revision would change, and changes nothing")
struct DiffTests {
    @Test("each Pod with its change, what that does to it, why, and the manifests' difference; beside a running agent")
    func changes() async throws {
        try await TestNode.use(images: [.nginx, .busybox]) { node in
            let first = try await node.agent("diff")
            expect(first, exits: 3, saying: ["has no commits yet"])
            try await node.repository.push(
                [
                    "web/nginx-pod.yaml": Written.nginxPod, "a/a.yaml": Written.sleeper("a", seconds: 4001),
                    "b/b.yaml": Written.sleeper("b", seconds: 4001), "d/d.yaml": Written.sleeper("d", seconds: 4001),
                ], "Run four Pods")
            let new = try await node.agent("diff")
            #expect(new.status == 1 && new.output.hasSuffix("\n4 to create\n"), "\(new)")
            #expect(try await node.agent("reconcile", "--once").status == 0)
            #expect(try await node.agent("diff").output.hasSuffix("\nno difference, 4 unchanged\n"))
            let before = try await node.pod("a")?.life

            let revision = try await node.repository.push(
                [
                    "a/a.yaml": Written.sleeper("a", seconds: 4002), "b/b.yaml": nil,
                    "c/c.yaml": Written.sleeper("c", seconds: 4003),
                    "d/d.yaml": Written.sleeper("d", seconds: 4001).replacing(
                        "  name: d\n", with: "  name: d\n  labels: {app: d}\n"),
                ], "Change three")
            let said = try await node.agent("diff")

            #expect(said.status == 1 && said.complaints.isEmpty, "\(said)")
            #expect(said.output.hasPrefix("revision \(revision.prefix(7)) Change three (Ada)\n"), "\(said)")
            let rows = said.rows.filter { $0.first?.hasPrefix("default/") == true }
            #expect(
                rows.map { $0.prefix(3) } == [
                    ["default/a", "replace", "restarts all"], ["default/b", "delete", "ends"],
                    ["default/c", "create", "starts"], ["default/d", "update", "none"],
                ], "\(said)")
            #expect(
                said.output.contains(
                    "-    - trap exit TERM; sleep 4001 & wait\n+    - trap exit TERM; sleep 4002 & wait\n"), "\(said)")
            #expect(said.output.hasSuffix("1 unchanged\n"), "\(said)")
            #expect(said.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(said)")
            #expect(try await node.pod("a")?.life == before, "nothing was touched")

            let json = try await node.agent("diff", "-o", "json")
            let object = try JSONDecoder().decode(JSONValue.self, from: Data(json.output.utf8))
            #expect(
                object["changes"]?[0]?["fields"]?[0]?["path"]?.string?.hasPrefix("spec.containers[main].command")
                    == true)

            try await node.repository.push(["c/c.yaml": "kind: Pood\n"], "Make a mistake")
            let broken = try await node.agent("diff")
            #expect(broken.status == 5, "\(broken)")
            #expect(broken.complaints.contains { $0.hasPrefix("error: c/c.yaml:1:7: unknown kind") }, "\(broken)")
            #expect(broken.output.contains("1 to replace"), "what is valid is told all the same: \(broken)")
        }
    }
}
