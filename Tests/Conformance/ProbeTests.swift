import Foundation
import Manifests
import Patience
import Testing

@Suite("Probes")
struct ProbeTests {
    /// What a web server answers to each request, by its path.
    private static let answers = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: answer}
        data:
          answer: |
            #!/bin/sh
            read -r method path rest
            while read -r line && [ ${#line} -gt 1 ]; do :; done
            case $path in
            /away) status='302 Found' more='Location: http://192.0.2.1/';;
            /near) status='302 Found' more='Location: /bad';;
            /good) status='299 Odd' more='X-Odd: yes';;
            *) status='500 Not Well' more='X-Odd: no';;
            esac
            printf 'HTTP/1.1 %s\\r\\n%s\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n' "$status" "$more"

        """

    @Test("rules 19 and 20: readiness is tried after its delay, from the container's start, and says no until then")
    func initialDelay() async throws {
        // Long enough to be seen unready.
        let delay = 3 * patience
        try await TestNode.use(images: [.busybox]) { node in
            let probe = "readinessProbe: {exec: {command: ['true']}, initialDelaySeconds: \(delay), periodSeconds: 1}"
            try await node.start(pod("web", containers: container("main", Script.patient, probe)))
            let early = try await node.running("web", ready: "0/1")
            #expect(early.container("main")?["started"] == true)
            let ready = try await node.running("web")
            let started = try #require(instant(ready.container("main")?["state"]?["running"]?["startedAt"]))
            let since = try #require(instant(ready.conditionSince("Ready")))
            #expect(since.timeIntervalSince(started) >= Double(delay))
        }
    }

    @Test("rules 18, 21 and 26: three failures in a row, with the probe's own grace, in the kubelet's words")
    func thresholds() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            // Fails twice, succeeds, fails for good: two failures change nothing.
            let probe =
                "echo >> /tmp/n; n=$(wc -l < /tmp/n); echo try $n; [ $n -ne 1 ] && [ $n -ne 2 ] && [ $n -lt 4 ]"
            try await node.start(
                pod(
                    "web", "terminationGracePeriodSeconds: 500", "restartPolicy: Never",
                    containers: container(
                        "main", "trap '' TERM; while :; do sleep 1; done",
                        "livenessProbe: {exec: {command: [sh, -c, '\(probe)']}, periodSeconds: 1, "
                            + "terminationGracePeriodSeconds: 1}")))
            let ended = try await node.pod("web", "was stopped") { $0.end(of: "main") != nil }
            #expect(
                ended.end(of: "main")?["exitCode"] == 137, "it heeds no signal, and is not waited for: \(ended.json)")
            let events = try await node.events(of: "web")
            #expect(events.contains("Liveness probe failed: try 6"), "\(events)")
            #expect(!events.contains("try 7"), "\(events)")
            #expect(events.contains("Container main failed liveness probe"), "\(events)")
        }
    }

    @Test("rule 19: a failing startup probe restarts the container, however well it is otherwise")
    func startupFails() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web",
                    containers: container(
                        "main", Script.patient,
                        "startupProbe: {exec: {command: ['false']}, periodSeconds: 1, failureThreshold: 2}",
                        "livenessProbe: {exec: {command: ['true']}, periodSeconds: 1}")),
                pod(
                    "quick",
                    containers: container(
                        "main", Script.patient,
                        "startupProbe: {exec: {command: ['true']}, periodSeconds: 1}",
                        "readinessProbe: {exec: {command: ['true']}, periodSeconds: 3600}")))
            try await node.pod("web", "was restarted") { ($0.restarts(of: "main") ?? 0) >= 1 }
            let events = try await node.events(of: "web")
            #expect(events.contains(/Warning +Unhealthy .*Startup probe failed:/), "\(events)")
            #expect(events.contains("Container main failed startup probe, will be restarted"), "\(events)")
            // Readiness begins right after the startup probe succeeded, whatever its period.
            _ = try await node.running("quick")
        }
    }

    @Test("rule 22: while a Pod ends readiness is tried and liveness is not")
    func ending() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let probe = "exec: {command: [test, '!', -e, /tmp/ending]}, periodSeconds: 1, failureThreshold: 1"
            try await node.start(
                pod(
                    "web", "terminationGracePeriodSeconds: 30",
                    containers: container(
                        "main", "trap 'touch /tmp/ending; sleep 5; exit 0' TERM; sleep 4001 & wait",
                        "readinessProbe: {\(probe)}", "livenessProbe: {\(probe)}")))
            _ = try await node.running("web")
            try await node.repository.push(["app0/pod.yaml": nil], "End it")
            try await node.eventually("it ends, and is not ready") {
                try await node.row("web").dropFirst().prefix(2) == ["0/1", "Terminating"]
            }
            try await node.eventually("it is gone") { try await node.row("web").isEmpty }
            let events = try await node.events(of: "web")
            #expect(events.contains("Readiness probe failed"), "\(events)")
            #expect(!events.contains("Liveness probe failed"), "\(events)")
        }
    }

    @Test("rule 24: a redirect to another host is a success with a warning; one to the same host is followed")
    func redirects() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            func server(_ name: String, _ path: String) -> String {
                pod(
                    name, "volumes: [{name: script, configMap: {name: answer, defaultMode: 0755}}]",
                    containers: container(
                        "main", "trap 'exit 0' TERM; nc -ll -p 8080 -e /script/answer & wait",
                        "volumeMounts: [{name: script, mountPath: /script}]",
                        "readinessProbe: {httpGet: {path: \(path), port: 8080}, periodSeconds: 1}"))
            }
            try await node.start(
                server("away", "/away"), server("near", "/near"), server("good", "/good"),
                others: ["app0/answers.yaml": Self.answers])
            _ = try await node.running("away")
            _ = try await node.running("good")
            try await node.eventually("the warning is told") {
                try await node.events(of: "away").contains(/Warning +ProbeWarning/)
            }
            try await node.eventually("the redirect was followed") {
                try await node.events(of: "near").contains(
                    "Readiness probe failed: HTTP probe failed with statuscode: 500")
            }
            #expect(try await node.row("near")[1] == "0/1")
        }
    }
}

extension ShownPod {
    /// When a condition began or ceased to hold.
    func conditionSince(_ type: String) -> JSONValue? {
        guard case .array(let conditions) = json["status"]?["conditions"] else { return nil }
        return conditions.first { $0["type"]?.string == type }?["lastTransitionTime"]
    }
}
