import Foundation
import Testing

@Suite("Scenario 14 and volumes: what containers share, and what they are told by files")
struct VolumeTests {
    private static let sidecar = """
        apiVersion: v1
        kind: Pod
        metadata: {name: sidecar}
        spec:
          terminationGracePeriodSeconds: 1
          volumes:
            - {name: logs, emptyDir: {}}
            - {name: fast, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
          containers:
            - name: app
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; echo hello > /var/log/app.log; sleep 4001 & wait"]
              volumeMounts:
                - {name: logs, mountPath: /var/log}
                - {name: fast, mountPath: /fast}
            - name: adapter
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; until [ -s /in/app.log ]; do sleep 0.1; done; sed s/^/app:/ /in/app.log; sleep 4001 & wait"]
              volumeMounts:
                - {name: logs, mountPath: /in, readOnly: true}
                - {name: logs, mountPath: /part, subPathExpr: $(POD)/part}
              env:
                - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}

        """

    @Test("a shared emptyDir carries logs to the sidecar, survives a restart, and goes with the Pod")
    func sidecar() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/pod.yaml": Self.sidecar], "Share a directory")
            try node.startAgent()
            let pod = try await node.running("sidecar", ready: "2/2")
            try await node.eventually("the adapter has reshaped the log") {
                try await node.agent("logs", "sidecar", "-c", "adapter").output == "app:hello\n"
            }
            let write = try await node.agent("exec", "sidecar", "-c", "adapter", "--", "sh", "-c", "echo x > /in/y")
            #expect(write.errors.contains("Read-only file system"), "\(write)")
            let full = try await node.agent(
                "exec", "sidecar", "-c", "app", "--", "sh", "-c",
                "ls -d /var/log/sidecar/part && dd if=/dev/zero of=/fast/x bs=1024 count=2048")
            #expect(full.output.contains("/var/log/sidecar/part"), "\(full)")
            #expect(full.errors.contains("No space left on device"), "\(full)")

            for process in try node.processes(named: "sh") { process.kill() }
            _ = try await node.running("sidecar", ready: "2/2") {
                $0.restarts(of: "app") == 1 && $0.restarts(of: "adapter") == 1 && $0.uid == pod.uid
            }
            let seen = try await node.agent("exec", "sidecar", "-c", "app", "--", "ls", "/var/log", "/fast").output
            #expect(seen.contains("app.log") && seen.contains("sidecar") && seen.contains("x"), "\(seen)")

            try await node.repository.push(["a/pod.yaml": nil], "End it")
            try await node.eventually("it is gone") { try await node.row("sidecar").isEmpty }
            try await node.eventually("nothing of it is kept") {
                try FileManager.default.contentsOfDirectory(atPath: "\(node.base)/state/pods") == []
            }
        }
    }

    private static func reader(_ more: String = "") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: reader, labels: {tier: front}}
        spec:
          terminationGracePeriodSeconds: 1
          volumes:
            - name: all
              projected:
                sources:
                  - configMap: {name: app}
                  - secret: {name: key, items: [{key: password, path: secret/password, mode: 0400}]}
                  - downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}
            - {name: data, persistentVolumeClaim: {claimName: db}}
        \(more)  containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; date >> /data/starts; sleep 4001 & wait"]
              volumeMounts:
                - {name: all, mountPath: /all}
                - {name: data, mountPath: /data}

        """
    }

    private static func objects(_ mode: String) -> String {
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: app}
        data: {mode: \(mode)}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: key}
        stringData: {password: hunter2}

        """
    }

    @Test("files of ConfigMaps and Secrets: waited for, changed in place, never on the node's disk; a claim stays")
    func files() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/pod.yaml": Self.reader()], "Read what is not there yet")
            try node.startAgent()
            try await node.eventually("the mount is waited for") {
                try await node.agent("events").output.contains(
                    "MountVolume.SetUp failed for volume \"all\" : configmap \"app\" not found")
            }
            #expect(try await node.row("reader").dropFirst(2).first == "ContainerCreating")

            try await node.repository.push(["a/objects.yaml": Self.objects("fast")], "Configure it")
            let pod = try await node.running("reader")
            let look = [
                "exec", "reader", "--", "sh", "-c", "cat /all/mode /all/secret/password /all/labels; ls -la /all",
            ]
            let seen = try await node.agent(look).output
            #expect(seen.hasPrefix("fasthunter2tier=\"front\""), "\(seen)")
            #expect(seen.contains("mode -> ..data/mode"), "\(seen)")
            let found = try await node.run(
                "/bin/sh", ["-c", "grep -rl hunter2 \(node.base)/state/pods \(node.base)/run || true"])
            #expect(found.output.isEmpty, "\(found)")

            try await node.repository.push(["a/objects.yaml": Self.objects("slow")], "Slow down")
            try await node.eventually("the file changes while the container runs") {
                try await node.agent(look).output.hasPrefix("slow")
            }
            #expect(try await node.pod("reader")?.life == pod.life)

            try await node.repository.push(["a/pod.yaml": nil, "a/objects.yaml": nil], "End it")
            try await node.eventually("it is gone") { try await node.row("reader").isEmpty }
            let starts = try String(contentsOfFile: "\(node.base)/state/claims/default_db/starts", encoding: .utf8)
            #expect(starts.split(separator: "\n").count == 1)
        }
    }

    @Test("a path of the node is refused until it is allowed")
    func hostPath() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let pod = Self.reader().replacing(
                "{name: data, persistentVolumeClaim: {claimName: db}}",
                with: "{name: data, hostPath: {path: \(node.base)/shared, type: DirectoryOrCreate}}")
            let revision = try await node.repository.push(
                ["a/pod.yaml": pod, "a/objects.yaml": Self.objects("fast")], "Mount the node's own")
            try node.startAgent()
            try await node.eventually("it is refused by name") {
                let told = try await node.agent("history", "show", revision).output
                return told.contains("Forbidden by the node's policy") && told.contains("hostPath \(node.base)/shared")
            }
            try node.killAgent()
            try node.startAgent(variables: ["RECONCILE_AGENT_ALLOW_HOST_PATH": node.base])
            _ = try await node.running("reader")
            #expect(FileManager.default.fileExists(atPath: "\(node.base)/shared/starts"))
        }
    }
}
