import Foundation
import Manifests
import Testing

@Suite("Init containers and sidecars")
struct InitTests {
    @Test(
        "rules 28 and 29: one that fails is told, held back, and holds up the rest, or fails the Pod that never restarts"
    )
    func failing() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            func manifest(_ name: String, _ policy: String) -> String {
                pod(
                    name, "restartPolicy: \(policy)",
                    initContainers: [container("init1", "exit 4"), container("init2", "exit 0")],
                    containers: container("main", Script.patient))
            }
            try await node.start(manifest("always", "Always"), manifest("never", "Never"))

            try await node.status(of: "always", becomes: "Init:CrashLoopBackOff")
            let always = try #require(try await node.pod("always"))
            #expect(always.phase == "Pending")
            #expect(always.waiting("main") == "PodInitializing")
            #expect(always.condition("Initialized") == "False ContainersNotInitialized")
            #expect(always.message("Initialized") == "containers with incomplete status: [init1 init2]")
            #expect(always.end(of: "init1")?["exitCode"] == 4)
            let row = try await node.row("always")
            #expect(row[1] == "0/1" && row[3].hasPrefix("1"), "restarts of init containers are shown: \(row)")

            try await node.status(of: "never", becomes: "Init:Error")
            let never = try #require(try await node.pod("never"))
            #expect(never.phase == "Failed")
            #expect(never.waiting("main") == "PodInitializing")
            #expect(never.waiting("init2") == "PodInitializing")
        }
    }

    @Test(
        "rules 9 and 30: sidecars start before what follows, start again whatever the policy, and keep no finished Pod alive"
    )
    func sidecars() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let gate =
                "startupProbe: {exec: {command: [test, -e, /tmp/started]}, periodSeconds: 1, failureThreshold: 600}"
            try await node.start(
                pod(
                    "finished", "restartPolicy: Never",
                    initContainers: [container("side", Script.patient, "restartPolicy: Always")],
                    containers: container("main", "sleep 1")),
                pod(
                    "gated", "restartPolicy: Never",
                    initContainers: [
                        container("side", Script.patient, "restartPolicy: Always", gate),
                        container("next", "exit 0"),
                    ], containers: container("main", Script.patient)),
                pod(
                    "blocked",
                    initContainers: [
                        "{name: side, image: 'no-such:1', imagePullPolicy: Never, restartPolicy: Always}"
                    ], containers: container("main", Script.patient)))

            let finished = try await node.pod("finished", "has succeeded") { $0.phase == "Succeeded" }
            #expect(finished.condition("Ready") == "False PodCompleted")
            try await node.eventually("the sidecar has ended too") {
                try await node.pod("finished")?.end(of: "side")?["exitCode"] == 0
            }
            let row = try await node.row("finished")
            #expect(row.prefix(3) == ["finished", "0/2", "Completed"], "\(row)")

            try await node.status(of: "gated", becomes: "Init:0/2")
            #expect(try await node.pod("gated")?.waiting("next") == "PodInitializing")
            _ = try await node.inside("gated", "touch /tmp/started", of: "side")
            _ = try await node.running("gated", ready: "2/2")
            for process in try node.processes(named: "sh") where process.isFirstOfContainer { process.kill() }
            let again = try await node.pod("gated", "has its sidecar back, or has failed") {
                ($0.initContainer("side")?["restartCount"]?.int ?? 0) >= 1 || $0.phase == "Failed"
            }
            #expect(again.restarts(of: "main") == 0, "the Pod's policy is Never: \(again.json)")

            try await node.status(of: "blocked", becomes: "Init:ErrImageNeverPull")
            #expect(try await node.pod("blocked")?.waiting("main") == "PodInitializing")
        }
    }

    @Test("rule 31: containers end first, then sidecars from the last to the first, within one grace period")
    func endings() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let volumes = "volumes: [{name: shared, persistentVolumeClaim: {claimName: order}}]"
            let mount = "volumeMounts: [{name: shared, mountPath: /shared}]"
            func ends(_ name: String, _ policy: String? = nil) -> String {
                let script = Script.patient(ending: "sleep 1; echo \(name) >> /shared/log")
                return policy.map { container(name, script, mount, "restartPolicy: \($0)") }
                    ?? container(name, script, mount)
            }
            try await node.start(
                pod(
                    "web", "terminationGracePeriodSeconds: 60", volumes,
                    initContainers: [
                        ends("first", "Always"), ends("second", "Always"),
                    ], containers: ends("main")),
                pod(
                    "stubborn", "terminationGracePeriodSeconds: 3",
                    initContainers: [
                        container("side", Script.patient(ending: "sleep 3600"), "restartPolicy: Always")
                    ], containers: container("main", "trap '' TERM; while :; do sleep 1; done")))
            _ = try await node.running("web", ready: "3/3")
            _ = try await node.running("stubborn", ready: "2/2")

            try await node.repository.push(["app0/pod.yaml": nil, "app1/pod.yaml": nil], "End them")
            let begun = ContinuousClock.now
            try await node.eventually("the stubborn one is gone") { try await node.row("stubborn").isEmpty }
            #expect(ContinuousClock.now - begun < .seconds(30), "one grace period for all")
            try await node.eventually("the other is gone") { try await node.row("web").isEmpty }
            let log = try String(contentsOfFile: "\(node.base)/state/claims/default_order/log", encoding: .utf8)
            #expect(log == "main\nsecond\nfirst\n")
        }
    }

    @Test("rule 31: a sidecar's hook does not wait for its turn, only its signal does")
    func hookOfSidecar() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let volumes = "volumes: [{name: shared, persistentVolumeClaim: {claimName: order}}]"
            let mount = "volumeMounts: [{name: shared, mountPath: /shared}]"
            func ending(_ words: String) -> String { Script.patient(ending: "\(words) >> /shared/log") }
            let hook = "lifecycle: {preStop: {exec: {command: [sh, -c, 'sleep 2; echo hook >> /shared/log']}}}"
            try await node.start(
                pod(
                    "web", "terminationGracePeriodSeconds: 60", volumes,
                    initContainers: [container("side", ending("echo side"), mount, "restartPolicy: Always", hook)],
                    containers: container("main", ending("sleep 6; echo main"), mount)))
            _ = try await node.running("web", ready: "2/2")

            try await node.repository.push(["app0/pod.yaml": nil], "End it")
            try await node.eventually("it is gone") { try await node.row("web").isEmpty }
            let log = try String(contentsOfFile: "\(node.base)/state/claims/default_order/log", encoding: .utf8)
            #expect(log == "hook\nmain\nside\n")
        }
    }
}
