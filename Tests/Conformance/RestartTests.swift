import Foundation
import Manifests
import Patience
import Testing

@Suite("Restarts")
struct RestartTests {
    /// Fails the first time, ends well the second time, and stays from then on.
    private static let third =
        "echo >> /runs/n; case $(wc -l < /runs/n) in 1) exit 1;; 2) exit 0;; esac; \(Script.patient)"
    private static let runs = "volumes: [{name: runs, emptyDir: {}}]"
    private static let mount = "volumeMounts: [{name: runs, mountPath: /runs}]"

    @Test("rule 10: the restart policy, and a container's own before it, decide what an end means")
    func policies() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            func fails(_ name: String, _ policy: String) -> String {
                pod(name, "restartPolicy: \(policy)", Self.runs, containers: container("main", Self.third, Self.mount))
            }
            try await node.start(
                fails("always", "Always"), fails("on-failure", "OnFailure"), fails("never", "Never"),
                pod(
                    "own", "restartPolicy: Never", Self.runs,
                    containers: container("always", Self.third, Self.mount, "restartPolicy: Always"),
                    container("never", "exit 0", "restartPolicy: Never")),
                pod(
                    "other", "restartPolicy: Always",
                    containers: container("never", "exit 7", "restartPolicy: Never"),
                    container("main", Script.patient)))

            let onFailure = try await node.pod("on-failure", "has succeeded") { $0.phase == "Succeeded" }
            #expect(onFailure.restarts(of: "main") == 1)
            let never = try await node.pod("never", "has failed") { $0.phase == "Failed" }
            #expect(never.restarts(of: "main") == 0)
            let other = try await node.pod("other", "has ended in part") { $0.end(of: "never") != nil }
            #expect(other.phase == "Running" && other.restarts(of: "never") == 0)
            // The second restart is held back for ten seconds.
            let always = try await node.running("always") { $0.restarts(of: "main") == 2 }
            #expect(always.lastExitCode(of: "main") == 0)
            let own = try await node.pod("own", "runs again") {
                $0.restarts(of: "always") == 2 && $0.container("always")?["ready"] == true
            }
            #expect(own.restarts(of: "never") == 0 && own.phase == "Running")
        }
    }

    @Test("rule 10: a container's restart rules count before its policy, by exit codes")
    func rules() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            func rule(_ text: String) -> String {
                "restartPolicyRules: [{action: Restart, exitCodes: {\(text)}}]"
            }
            // Ends with 7 at first, then with 9.
            let codes = "echo >> /runs/n; n=$(wc -l < /runs/n); [ $n -ge 2 ] && exit 9; exit 7"
            try await node.start(
                pod(
                    "in", "restartPolicy: Never", Self.runs,
                    containers: container(
                        "main", codes, Self.mount, "restartPolicy: Never", rule("operator: In, values: [7]"))),
                pod(
                    "not-in", "restartPolicy: Never", Self.runs,
                    containers: container(
                        "main", codes, Self.mount, "restartPolicy: Never", rule("operator: NotIn, values: [0, 9]"))),
                pod(
                    "other", "restartPolicy: Never", Self.runs,
                    containers: container(
                        "main", codes, Self.mount, "restartPolicy: Never", rule("operator: In, values: [9]"))),
                pod(
                    "init", "restartPolicy: Never", Self.runs,
                    initContainers: [
                        container(
                            "setup", "echo >> /runs/n; [ $(wc -l < /runs/n) -ge 2 ] || exit 7", Self.mount,
                            "restartPolicy: Never", rule("operator: In, values: [7, 0]"))
                    ], containers: container("main", "exit 0")))

            for name in ["in", "not-in"] {
                let ended = try await node.pod(name, "has failed") { $0.phase == "Failed" }
                #expect(ended.restarts(of: "main") == 1, "\(name)")
                #expect(ended.end(of: "main")?["exitCode"] == 9, "\(name)")
            }
            let other = try await node.pod("other", "has failed") { $0.phase == "Failed" }
            #expect(other.restarts(of: "main") == 0)
            let began = try await node.pod("init", "has succeeded") { $0.phase == "Succeeded" }
            #expect(began.phase == "Succeeded", "what begins it ended well the second time")
        }
    }

    @Test("rules 12 to 15: the first restart is immediate, the next waits ten seconds, across a killed agent too")
    func backoff() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod("crash", containers: container("main", "exit 3")),
                pod("done", containers: container("main", "exit 0")))

            let held = try await node.pod("crash", "is held back") {
                $0.restarts(of: "main") == 1 && $0.waiting("main") == "CrashLoopBackOff"
            }
            let message = held.container("main")?["state"]?["waiting"]?["message"]?.string
            let uid = try #require(held.uid)
            #expect(message == "back-off 10s restarting failed container=main pod=crash_default(\(uid))")
            #expect(held.lastExitCode(of: "main") == 3)
            #expect(held.phase == "Running", "a Pod whose containers start again runs")
            let finished = try #require(instant(held.end(of: "main")?["finishedAt"]))
            #expect(try await node.row("crash").prefix(3) == ["crash", "0/1", "CrashLoopBackOff"])

            try node.killAgent()
            let word = try await node.row("crash")[2]
            let isHeldStill = Date().timeIntervalSince(finished) < 10
            #expect(word == "CrashLoopBackOff" || !isHeldStill)
            try node.startAgent()

            let longer = try await node.pod("crash", "is held back for longer") {
                $0.restarts(of: "main") == 2 && $0.waiting("main") == "CrashLoopBackOff"
            }
            let started = try #require(instant(longer.end(of: "main")?["startedAt"]))
            let delay = started.timeIntervalSince(finished)
            #expect(delay >= 9 && delay <= 13 * Double(patience), "seconds are whole: \(delay)")
            #expect(
                longer.container("main")?["state"]?["waiting"]?["message"]?.string?.hasPrefix("back-off 20s ") == true)
            let events = try await node.events(of: "crash")
            #expect(
                events.contains("Back-off restarting failed container main in pod crash_default(\(uid))"), "\(events)")

            let done = try await node.pod("done", "is held back, though it ended well") {
                $0.waiting("main") == "CrashLoopBackOff"
            }
            #expect(done.end(of: "main")?["reason"] == "Completed")
        }
    }
}

@Suite("Images")
struct ImageTests {
    @Test("rule 16: an image that cannot be had is told as the kubelet tells it")
    func words() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            func with(_ image: String, _ name: String, _ fields: String...) -> String {
                pod(
                    name,
                    containers: "{" + (["name: main", "image: '\(image)'"] + fields).joined(separator: ", ") + "}")
            }
            try await node.start(
                with("localhost:1/no/such:1", "missing"), with("no-such:1", "never", "imagePullPolicy: Never"),
                with("No/Such:1", "invalid"))
            try await node.status(of: "never", becomes: "ErrImageNeverPull")
            try await node.status(of: "invalid", becomes: "InvalidImageName")
            let missing = try await node.pod("missing", "is held back") { $0.waiting("main") == "ImagePullBackOff" }
            let message = missing.container("main")?["state"]?["waiting"]?["message"]?.string ?? ""
            #expect(message.hasPrefix("Back-off pulling image \"localhost:1/no/such:1\": ErrImagePull: "), "\(message)")
            let events = try await node.events(of: "missing")
            for word in [
                "Failed to pull image \"localhost:1/no/such:1\": ", "Error: ErrImagePull", "Error: ImagePullBackOff",
            ] {
                #expect(events.contains(word), "\(events)")
            }
            let never = try await node.events(of: "never")
            #expect(
                never.contains("Container image \"no-such:1\" is not present with pull policy of Never"), "\(never)")
            let invalid = try await node.events(of: "invalid")
            #expect(invalid.contains("Failed to apply default image tag \"No/Such:1\""), "\(invalid)")
        }
    }

    @Test(
        "rule 17: an image is always pulled when its tag is latest or none, else when it is not there",
        arguments: [
            ("busybox", "Always"), ("busybox:latest", "Always"), ("busybox:1.28", "IfNotPresent"),
            ("busybox@sha256:\(String(repeating: "a", count: 64))", "IfNotPresent"),
        ])
    func pullPolicy(image: String, policy: String) async throws {
        try await TestNode.use(images: []) { node in
            try await node.repository.push(
                ["a/pod.yaml": pod("web", containers: "{name: main, image: '\(image)'}")], "Run an image")
            _ = try await node.agent("reconcile", "--once", "--timeout", "5s")
            let shown = try #require(try await node.pod("web"))
            guard case .array(let containers) = shown.json["spec"]?["containers"] else { return }
            #expect(containers.first?["imagePullPolicy"]?.string == policy)
        }
    }
}
