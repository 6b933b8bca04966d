import Foundation
import Manifests
import Testing

@Suite("validate checks manifests without a node")
struct ValidateTests {
    private static let web = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers: [{name: main, image: nginx}]

        """

    @Test("a valid directory is summed up, and what the agent passes over is not read")
    func valid() async throws {
        try await withTemporaryDirectory { directory in
            try fill(
                directory,
                [
                    "web/pod.yaml": Self.web, ".github/x.yaml": "{", "web/.hidden.yaml": "{", "README.md": "- [",
                    "list.json": "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": []}",
                ])

            let said = try await AgentProcess.run(["validate", directory])

            #expect(said.status == 0, "\(said)")
            #expect(said.output == "2 files, 1 Pod, no errors\n")
            #expect(said.errors.isEmpty)
        }
    }

    @Test("every error of the whole tree is told at once, with its place and a hint, and exits with 5")
    func invalid() async throws {
        try await withTemporaryDirectory { directory in
            try fill(
                directory,
                [
                    "a/typo.yaml": Self.web.replacing("containers", with: "contianers"), "b/web.yaml": Self.web,
                    "c/web.yaml": Self.web, "d/broken.yaml": "kind: [\n", "d/binary.yaml": "\u{0}\u{1}\u{2}",
                ])
            try Data([0x6B, 0x3A, 0x20, 0xFF, 0xFE, 0x0A]).write(to: URL(filePath: "\(directory)/d/latin.yaml"))
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory)/e.yaml", withDestinationPath: "b/web.yaml")
            try Data(count: 10 << 20).write(to: URL(filePath: "\(directory)/d/large.yaml"))

            let said = try await AgentProcess.run(["validate", directory])

            #expect(said.status == 5, "\(said)")
            let lines = said.output.split(separator: "\n")
            let expected = [
                "error: a/typo.yaml:5:3: unknown field \"contianers\" in Pod.spec",
                "error: c/web.yaml:1:1: Pod ", "error: d/binary.yaml:1:1: ", "error: d/broken.yaml:2:1: ",
                "error: d/large.yaml:1:1: this holds 10485760 bytes, more than the 4194304",
                "error: d/latin.yaml:1:", "error: e.yaml:1:1: this is a symbolic link to b/web.yaml",
            ]
            for (line, beginning) in zip(lines.filter { $0.hasPrefix("error: ") }, expected) {
                #expect(line.hasPrefix(beginning), "\(said.output)")
            }
            #expect(lines.contains("  hint: did you mean \"containers\"?"), "\(said.output)")
            #expect(lines.last == "8 files, 2 Pods, 7 errors", "\(said.output)")
        }
    }

    @Test("-o json says the same for machines")
    func json() async throws {
        try await withTemporaryDirectory { directory in
            try fill(directory, ["a.yaml": Self.web.replacing("kind: Pod", with: "kind: Pood")])

            let said = try await AgentProcess.run(["validate", directory, "-o", "json"])

            #expect(said.status == 5)
            let object = try JSONDecoder().decode(JSONValue.self, from: Data(said.output.utf8))
            #expect(object["valid"] == false)
            #expect(object["summary"] == ["files": 1, "pods": 0, "errors": 1, "notices": 0])
            #expect(object["diagnostics"]?[0]?["file"] == "a.yaml")
            #expect(object["diagnostics"]?[0]?["line"] == 2)
        }
    }

    @Test("a Pod for another node is a notice, which is no mistake")
    func otherNode() async throws {
        try await withTemporaryDirectory { directory in
            try fill(directory, ["a.yaml": Self.web.replacing("spec:", with: "spec:\n  nodeName: node-2")])

            let forAll = try await AgentProcess.run(["validate", "\(directory)/a.yaml"])
            #expect(forAll.status == 0)
            #expect(forAll.output.contains("notice: \(directory)/a.yaml:1:1: "), "\(forAll.output)")
            #expect(forAll.output.hasSuffix("1 file, 1 Pod, no errors, 1 notice\n"))

            let forOne = try await AgentProcess.run(["validate", directory, "--node-name", "node-1"])
            #expect(forOne.status == 0)
            #expect(forOne.output.contains("is not run on node node-1: it is for node node-2"), "\(forOne.output)")
        }
    }

    @Test("with a policy, what that does not allow is an error; without one it is not")
    func policy() async throws {
        try await withTemporaryDirectory { directory in
            let pod = Self.web.replacing("spec:", with: "spec:\n  hostPID: true")
            try fill(
                directory,
                [
                    "pods/a.yaml": pod, "none.yaml": "rules: []\n",
                    "some.yaml": "rules: [{name: some, namespaces: [default], allow: {hostPID: true}}]\n",
                ])
            #expect(try await AgentProcess.run(["validate", "\(directory)/pods"]).status == 0)
            let some = try await AgentProcess.run([
                "validate", "\(directory)/pods", "--policy", "\(directory)/some.yaml",
            ])
            #expect(some.status == 0, "\(some)")

            for node in [[], ["--node-name", "node-1"]] {
                let none = try await AgentProcess.run(
                    ["validate", "\(directory)/pods", "--policy", "\(directory)/none.yaml"] + node)
                #expect(none.status == 5)
                #expect(
                    none.output.contains("a.yaml:5:12: spec.hostPID: Forbidden by the node's policy"), "\(none.output)")
            }
            let missing = try await AgentProcess.run(["validate", "\(directory)/pods", "--policy", "/no/such"])
            #expect(missing.status == 2 && missing.errors.contains("/no/such"), "\(missing)")
        }
    }

    @Test("a path that is not there is a mistake on the command line")
    func missing() async throws {
        let said = try await AgentProcess.run(["validate", "/nowhere/at/all"])

        #expect(said.status == 2)
        #expect(said.errors.hasPrefix("error: /nowhere/at/all cannot be read: No such file or directory"))
    }

    private func fill(_ directory: String, _ files: [String: String]) throws {
        for (path, text) in files {
            let file = URL(filePath: "\(directory)/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }
}
