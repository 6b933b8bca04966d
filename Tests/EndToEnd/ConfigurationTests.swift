import Testing

@Suite("ConfigMaps, Secrets and Namespaces are accepted and shown")
struct ConfigurationTests {
    private static let objects = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: blue, labels: {team: a}}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: app, namespace: blue}
        data: {mode: fast, level: "3"}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: key, namespace: blue}
        stringData: {password: hunter2}

        """

    @Test("get prints them with kubectl's columns; diff hides the values of Secrets")
    func shown() async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(["app/objects.yaml": Self.objects], "Configure")
            let diff = try await node.agent("diff")
            #expect(diff.status == 1, "\(diff)")
            #expect(diff.output.contains(/Secret blue\/key +create/), "\(diff)")
            #expect(diff.output.contains("password: '***'"), "\(diff)")
            #expect(try await node.agent("reconcile", "--once").status == 0)

            let maps = try await node.agent("get", "cm", "-n", "blue").rows
            #expect(maps.map { $0.prefix(2) } == [["NAME", "DATA"], ["app", "2"]])
            let secrets = try await node.agent("get", "secrets", "-A").rows
            #expect(
                secrets.map { $0.prefix(4) } == [
                    ["NAMESPACE", "NAME", "TYPE", "DATA"], ["blue", "key", "Opaque", "1"],
                ])
            #expect(
                try await node.agent("get", "secret", "key", "-n", "blue", "-o", "yaml").output.contains(
                    "password: aHVudGVyMg=="))
            #expect(try await node.agent("get", "namespaces").rows.map { $0.prefix(2) }.contains(["blue", "Active"]))
            let missing = try await node.agent("get", "cm", "nope", "-n", "blue")
            #expect(missing.errors.contains("configmaps \"nope\" not found in namespace \"blue\""), "\(missing)")

            try await node.repository.push(
                ["app/objects.yaml": Self.objects.replacing("hunter2", with: "hunter3")], "Change the password")
            let change = try await node.agent("diff").output
            #expect(change.contains("-  password: '*** (before)'\n+  password: '*** (after)'"), "\(change)")
            #expect(!change.contains("hunter"))
            #expect(try await node.agent("reconcile", "--once").status == 0)
            #expect(try await node.agent("diff").status == 0)
        }
    }
}
