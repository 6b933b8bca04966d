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

    private static let pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: reader, namespace: blue, labels: {app: x}}
        spec:
          containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "echo mode=$(MODE); trap exit TERM; sleep 4001 & wait"]
              envFrom: [{prefix: APP_, configMapRef: {name: app}}]
              env:
                - {name: MODE, valueFrom: {configMapKeyRef: {name: app, key: mode}}}
                - {name: PASSWORD, valueFrom: {secretKeyRef: {name: key, key: password}}}
                - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}

        """

    @Test("a Pod waits for what its variables are taken from, and starts anew when that changes")
    func variables() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["app/pod.yaml": Self.pod], "Read what is not there yet")
            try node.startAgent()
            try await node.eventually("it waits in the kubelet's words") {
                try await node.agent("get", "pods", "-n", "blue").output.contains("CreateContainerConfigError")
            }
            let waiting = try await node.agent("events", "-n", "blue").output
            #expect(waiting.contains("Error: configmap \"app\" not found"), "\(waiting)")

            try await node.repository.push(["app/objects.yaml": Self.objects], "Configure it")
            try await node.eventually("it starts by itself") {
                try await node.agent("get", "pods", "-n", "blue").output.contains("Running")
            }
            let env = try await node.agent("exec", "-n", "blue", "reader", "--", "env").output
            for line in ["MODE=fast", "APP_level=3", "PASSWORD=hunter2", "NODE=node-1", "IP=10.88.0."] {
                #expect(env.contains(line), "\(env)")
            }
            let record = try await node.run(
                "/bin/sh", ["-c", "cat \(node.base)/state/pods/*/record; grep -r hunter2 \(node.base)/run || true"]
            ).output
            #expect(record.contains("\"reader\"") && !record.contains("hunter2"), "records hold no values")

            try await node.repository.push(
                ["app/objects.yaml": Self.objects.replacing("mode: fast", with: "mode: slow")], "Slow down")
            try await node.eventually("the container starts anew") {
                try await node.agent("logs", "-n", "blue", "reader").output == "mode=slow\n"
            }
            let why = try await node.agent("history").output
            #expect(why.contains("Slow down"), "\(why)")
            try await node.repository.push(["app/objects.yaml": nil], "Take it away")
            try await node.eventually("it is gone") {
                try await node.agent("get", "cm", "-n", "blue").output.isEmpty
            }
            #expect(try await node.agent("get", "pods", "-n", "blue").output.contains("Running"))
            #expect(try await node.agent("exec", "-n", "blue", "reader", "--", "true").status == 0)
        }
    }
}
