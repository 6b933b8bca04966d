import Foundation
import Manifests
import Patience
import Testing

@Suite("Ends and hooks")
struct EndTests {
    @Test("rule 33: a hook before the end counts within the grace period, and what is left is for the signal")
    func grace() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "patient", "terminationGracePeriodSeconds: 60",
                    containers: container("main", Script.patient, "lifecycle: {preStop: {sleep: {seconds: 4}}}")),
                pod(
                    "hasty", "terminationGracePeriodSeconds: 2",
                    containers: container(
                        "main", "trap '' TERM; while :; do sleep 1; done",
                        "lifecycle: {preStop: {exec: {command: [sleep, '50']}}}")))
            _ = try await node.running("patient")
            _ = try await node.running("hasty")
            let begun = ContinuousClock.now
            try await node.repository.push(["app0/pod.yaml": nil, "app1/pod.yaml": nil], "End them")

            try await node.eventually("who slept is gone") { try await node.row("patient").isEmpty }
            #expect(ContinuousClock.now - begun >= .seconds(4))
            try await node.eventually("who could not sleep it out is gone") { try await node.row("hasty").isEmpty }
            // Two seconds of grace, and two at least for the signal.
            #expect(ContinuousClock.now - begun < .seconds(30 * patience))
        }
    }

    @Test(
        "rules 34 and 35: hooks by HTTP, sleep and exec; one that fails tells nothing of what it wrote, and no stop waits for it"
    )
    func hooks() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "asked",
                    containers: container(
                        "main",
                        "mkdir /www; echo page > /www/index.html; trap 'exit 0' TERM; "
                            + "httpd -f -vv -p 8080 -h /www & wait", "ports: [{name: web, containerPort: 8080}]",
                        "lifecycle: {postStart: {exec: {command: [sleep, '1']}}, "
                            + "preStop: {httpGet: {path: /stop-now, port: web}}}",
                        "livenessProbe: {exec: {command: [test, '!', -e, /tmp/ill]}, periodSeconds: 1, failureThreshold: 1}"
                    )),
                pod(
                    "failing",
                    containers: container(
                        "main", Script.patient,
                        "lifecycle: {preStop: {exec: {command: [sh, -c, 'echo secret; exit 9']}}}",
                        "livenessProbe: {exec: {command: [test, '!', -e, /tmp/ill]}, periodSeconds: 1, failureThreshold: 1}"
                    )),
                pod(
                    "unbegun",
                    containers: container(
                        "main", Script.patient,
                        "lifecycle: {postStart: {exec: {command: [sh, -c, 'echo secret; exit 9']}}}")))
            _ = try await node.running("asked")
            _ = try await node.running("failing")
            for name in ["asked", "failing"] { _ = try await node.inside(name, "touch /tmp/ill") }

            _ = try await node.running("asked") { $0.restarts(of: "main") == 1 }
            let before = try await node.agent("logs", "-p", "asked").output
            #expect(before.contains("/stop-now"), "\(before)")
            _ = try await node.running("failing") { $0.restarts(of: "main") == 1 }
            let failing = try await node.events(of: "failing")
            #expect(failing.contains(/Warning +FailedPreStopHook/), "\(failing)")
            #expect(!failing.contains("secret"), "\(failing)")

            try await node.pod("unbegun", "has ended for its hook") {
                $0.waiting("main") == "CrashLoopBackOff" || $0.waiting("main") == "PostStartHookError"
            }
            let unbegun = try await node.events(of: "unbegun")
            #expect(unbegun.contains(/Warning +FailedPostStartHook/), "\(unbegun)")
            #expect(!unbegun.contains("secret"), "\(unbegun)")
        }
    }

    @Test("rule 34: preStop does not run when the process ends by itself")
    func byItself() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let mount = "volumeMounts: [{name: v, mountPath: /v}]"
            try await node.start(
                pod(
                    "web", "volumes: [{name: v, emptyDir: {}}]",
                    containers: container(
                        "main", "[ -e /v/once ] && { ls /v; \(Script.patient); }; touch /v/once", mount,
                        "lifecycle: {preStop: {exec: {command: [touch, /v/hook]}}}")))
            _ = try await node.running("web") { $0.restarts(of: "main") == 1 }
            #expect(try await node.inside("web", "ls /v") == "once\n")
        }
    }

    @Test("a stop ends a postStart that goes on for ever")
    func cancelledHook() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web",
                    containers: container(
                        "main", Script.patient, "lifecycle: {postStart: {exec: {command: [sleep, '3600']}}}")))
            try await node.eventually("the hook runs") { try node.processes(named: "sleep").count == 2 }
            let row = try await node.row("web")
            #expect(row[1] == "0/1" && row[2] == "ContainerCreating", "it does not run yet: \(row)")

            try await node.repository.push(["app0/pod.yaml": nil], "End it")
            try await node.eventually("it is gone") { try await node.row("web").isEmpty }
            #expect(try node.processes(named: "sleep").isEmpty)
        }
    }
}
