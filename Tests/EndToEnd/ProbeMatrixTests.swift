import Foundation
import Linux
import Manifests
import Patience
import Testing

@Suite("Scenario 7: every kind of probe, for every purpose")
struct ProbeMatrixTests {
    /// A container that is alive while /tmp/live is there and ready while /tmp/ready is, and how that is asked.
    private struct Kind {
        let name: String
        let script: String
        let live: String
        let ready: String

        func pod(below base: String) -> String {
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name)}
            spec:
              terminationGracePeriodSeconds: 1
              volumes:
              - {name: answer, configMap: {name: answer, defaultMode: 0755}}
              - {name: server, hostPath: {path: \(base)/server}}
              containers:
              - name: main
                image: busybox:1.28
                command:
                - sh
                - -c
                - |
                  trap 'exit 0' TERM
                  \(script.replacing("\n", with: "\n              "))
                volumeMounts: [{name: answer, mountPath: /answer}, {name: server, mountPath: /server}]
                startupProbe: {\(live), periodSeconds: 1, failureThreshold: 600, timeoutSeconds: \(patience)}
                livenessProbe: {\(live), periodSeconds: 1, failureThreshold: 1, timeoutSeconds: \(patience)}
                readinessProbe: {\(ready), periodSeconds: 1, failureThreshold: 1, timeoutSeconds: \(patience)}

            """
        }
    }

    private static let kinds = [
        Kind(
            name: "http", script: "nc -ll -p 8080 -e /answer/answer & wait", live: "httpGet: {path: /live, port: 8080}",
            ready: "httpGet: {path: /ready, port: 8080}"),
        Kind(
            name: "tcp",
            script: """
                watch() {
                    while :; do
                        until [ -e /tmp/$1 ]; do usleep 50000; done
                        nc -ll -p $2 -e true & server=$!
                        while [ -e /tmp/$1 ]; do usleep 50000; done
                        kill $server; wait $server
                    done
                }
                watch live 8080 & watch ready 8081 & wait
                """, live: "tcpSocket: {port: 8080}", ready: "tcpSocket: {port: 8081}"),
        Kind(
            name: "exec", script: "sleep 4001 & wait", live: "exec: {command: [test, -e, /tmp/live]}",
            ready: "exec: {command: [test, -e, /tmp/ready]}"),
        Kind(
            name: "grpc", script: "/server/health-server 8080 /tmp & wait", live: "grpc: {port: 8080, service: live}",
            ready: "grpc: {port: 8080, service: ready}"),
    ]

    private static let answer = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: answer}
        data:
          answer: |
            #!/bin/sh
            read -r method path rest
            while read -r line && [ ${#line} -gt 1 ]; do :; done
            [ -e /tmp$path ] && status='200 OK' || status='503 Not Yet'
            printf 'HTTP/1.1 %s\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n' "$status"

        """

    @Test("each kind of probe starts, readies and restarts its container")
    func matrix() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try Self.buildServer(below: node.base)
            var files = ["probes/answer.yaml": Self.answer]
            for kind in Self.kinds { files["probes/\(kind.name).yaml"] = kind.pod(below: node.base) }
            try await node.repository.push(files, "Probe in every way")
            try node.startAgent(variables: ["RECONCILE_AGENT_ALLOW_HOST_PATH": node.base])
            func make(_ commands: String) async throws {
                for kind in Self.kinds { _ = try await node.agent("exec", kind.name, "--", "sh", "-c", commands) }
            }

            var before: [String: ShownPod] = [:]
            for kind in Self.kinds { before[kind.name] = try await node.running(kind.name, ready: "0/1") }
            for (name, pod) in before { #expect(pod.container("main")?["started"] == false, "\(name)") }
            try await make("touch /tmp/live")
            for kind in Self.kinds {
                let started = try await node.running(kind.name, ready: "0/1") {
                    $0.container("main")?["started"] == true
                }
                #expect(started.restarts(of: "main") == 0, "\(kind.name)")
            }
            try await make("touch /tmp/ready")
            for kind in Self.kinds { _ = try await node.running(kind.name) }
            try await make("rm /tmp/ready")
            for kind in Self.kinds {
                let unready = try await node.running(kind.name, ready: "0/1")
                #expect(unready.life == before[kind.name]?.life, "\(kind.name): readiness restarts nothing")
            }

            try await make("rm /tmp/live")
            for kind in Self.kinds {
                let after = try await node.running(kind.name, ready: "0/1") { $0.restarts(of: "main") == 1 }
                #expect(after.uid == before[kind.name]?.uid && after.address == before[kind.name]?.address)
                let events = try await node.agent("events", "--for", "pod/\(kind.name)").output
                for probe in ["Startup", "Readiness", "Liveness"] {
                    #expect(events.contains(try Regex("Warning +Unhealthy .*\(probe) probe failed:")), "\(events)")
                }
                #expect(events.contains("Container main failed liveness probe, will be restarted"), "\(events)")
            }
        }
    }

    /// A real gRPC server in C, for a Pod to run.
    private static func buildServer(below base: String) throws {
        let source = URL(filePath: #filePath).appending(path: "../../Support/health-server/health-server.c")
            .standardizedFileURL.path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: "\(base)/server", withIntermediateDirectories: true)
        let compiler = try spawn(
            executable: "/usr/bin/cc", arguments: ["-static", "-O1", "-o", "\(base)/server/health-server", source],
            environment: ["PATH": "/usr/bin:/bin"], descriptors: [2: 2])
        guard try compiler.reap() == .exited(0) else { throw NodeFailure("cc cannot compile \(source)") }
    }
}
