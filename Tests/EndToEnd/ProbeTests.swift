import Foundation
import Manifests
import Testing

@Suite("Scenario 5: a liveness probe with nothing else set")
struct ProbeDefaultsTests {
    @Test("get shows Kubernetes' defaults, describe prints the probe as kubectl does")
    func defaults() async throws {
        try await TestNode.use { node in
            try await node.repository.push(["web/pod.yaml": Written.probedPod], "Probe a web server")
            try node.startAgent()
            try await node.running("probed-pod")

            let yaml = try await node.agent("get", "pod", "probed-pod", "-o", "yaml").output
            for line in [
                "failureThreshold: 3", "path: /", "port: 80", "scheme: HTTP", "periodSeconds: 10",
                "successThreshold: 1", "timeoutSeconds: 1",
            ] {
                #expect(yaml.contains("\(line)\n"), "\(line) is not in \(yaml)")
            }
            let page = try await node.agent("describe", "pod", "probed-pod").output
            #expect(
                page.contains(
                    "Liveness:       http-get http://:80/ delay=0s timeout=1s period=10s successThreshold=1 "
                        + "failureThreshold=3\n"), "\(page)")
        }
    }
}

@Suite("Scenario 6: a container that falls ill")
struct LivenessTests {
    @Test("is restarted alone after three failed probes, again and again, with back-off")
    func restarts() async throws {
        try await TestNode.use(images: [.unhealthy]) { node in
            try await node.repository.push(["web/pod.yaml": Written.livenessPod], "Run what falls ill")
            try node.startAgent()
            let before = try await node.running("liveness-pod")

            let after = try await node.running("liveness-pod") { $0.restarts(of: "unhealthy-container") ?? 0 > 0 }
            #expect(after.uid == before.uid)
            #expect(after.address == before.address)
            #expect(after.containerID(of: "unhealthy-container") != before.containerID(of: "unhealthy-container"))
            #expect(after.lastExitCode(of: "unhealthy-container") == 143)
            try await node.eventually("it is held back after it fell ill again") {
                try await node.row("liveness-pod").contains("CrashLoopBackOff")
            }

            let events = try await node.agent("events", "--for", "pod/liveness-pod").output
            #expect(events.contains(/\(x([6-9]|\d\d) over .*Warning +Unhealthy/), "\(events)")
            #expect(events.contains("Liveness probe failed: HTTP probe failed with statuscode: 500"), "\(events)")
            #expect(
                events.contains("Container unhealthy-container failed liveness probe, will be restarted"), "\(events)")
        }
    }
}

@Suite("Scenario 7: each kind of probe")
struct ProbeKindTests {
    private static let patient = "trap exit TERM; while :; do sleep 0.1; done"

    @Test("readiness drives READY and the conditions, and restarts nothing")
    func readiness() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let manifest = Written.running(
                Self.patient, as: "web",
                "readinessProbe: {exec: {command: [test, -e, /tmp/ready]}, periodSeconds: 1, failureThreshold: 1}")
            try await node.repository.push(["web/pod.yaml": manifest], "Run what is not ready")
            try node.startAgent()
            let first = try await node.running("web", ready: "0/1")
            #expect(first.condition("Ready") == "False ContainersNotReady")
            #expect(first.condition("ContainersReady") == "False ContainersNotReady")

            #expect(try await node.agent("exec", "web", "--", "touch", "/tmp/ready").status == 0)
            let ready = try await node.running("web")
            #expect(ready.condition("Ready") == "True")

            try node.killAgent()
            #expect(try await node.row("web")[1] == "1/1", "what the probes said is known without an agent")
            try node.startAgent()
            try await node.eventually("the new agent looks after it") {
                try await node.agent("status").output.contains("1: 1 Running")
            }
            #expect(try await node.row("web")[1] == "1/1", "and a new agent does not forget it")

            #expect(try await node.agent("exec", "web", "--", "rm", "/tmp/ready").status == 0)
            let unready = try await node.running("web", ready: "0/1")
            #expect(unready.life == first.life, "nothing was restarted")
            let events = try await node.agent("events", "--for", "pod/web").output
            #expect(events.contains("Readiness probe failed: "), "\(events)")
        }
    }

    @Test("a startup probe holds the others back; tcpSocket reaches a named port")
    func startup() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let manifest = Written.running(
                "trap exit TERM; until [ -e /tmp/go ]; do sleep 0.1; done; nc -ll -p 8080 -e true & wait", as: "late",
                "startupProbe: {tcpSocket: {port: web}, periodSeconds: 1, failureThreshold: 1000}",
                "livenessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, failureThreshold: 1}")
            try await node.repository.push(["web/pod.yaml": manifest], "Run what starts late")
            try node.startAgent()
            let early = try await node.running("late", ready: "0/1")
            #expect(early.container("main")?["started"] == false)
            #expect(try await node.agent("exec", "late", "--", "touch", "/tmp/go").status == 0)

            let started = try await node.running("late")
            #expect(started.container("main")?["started"] == true)
            #expect(started.restarts(of: "main") == 0, "liveness waited")
        }
    }

    @Test("an exec probe that takes too long is killed, with all that it started, and counts as a failure")
    func execTimeout() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let manifest = Written.running(
                "trap exit TERM; while :; do usleep 100000; done", as: "stuck",
                "livenessProbe: {exec: {command: [sh, -c, 'sleep 3600 & sleep 3600']}, periodSeconds: 2, "
                    + "failureThreshold: 1, terminationGracePeriodSeconds: 3}", policy: "Never")
            try await node.repository.push(["web/pod.yaml": manifest], "Run what a probe hangs in")
            try node.startAgent()

            try await node.eventually("it is stopped for good") {
                ["Succeeded", "Failed"].contains(try await node.pod("stuck")?.phase)
            }
            #expect(try node.processes(named: "sleep").isEmpty)
            let events = try await node.agent("events", "--for", "pod/stuck").output
            #expect(events.contains("Liveness probe failed: command timed out:"), "\(events)")
            #expect(events.contains("Container main failed liveness probe\n"), "\(events)")
        }
    }

    @Test("a probe whose command is not in the image errs, which restarts nothing")
    func execMissing() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let manifest = Written.running(
                Self.patient, as: "bare",
                "livenessProbe: {exec: {command: [no-such-program]}, periodSeconds: 1, failureThreshold: 1}")
            try await node.repository.push(["web/pod.yaml": manifest], "Probe with what is not there")
            try node.startAgent()
            try await node.running("bare")

            try await node.eventually("the error is told") {
                try await node.agent("events", "--for", "pod/bare").output.contains(
                    "Liveness probe errored and resulted in unknown state: exec: \"no-such-program\": "
                        + "executable file not found in $PATH")
            }
            #expect(try await node.running("bare").restarts(of: "main") == 0)
        }
    }
}
