import Foundation
import Manifests
import Testing

@Suite("Phases, conditions and states")
struct StatusTests {
    @Test("rules 40, 42, 44, 45 and 52: how a Pod ends, in phases, conditions, reasons and the words of get pods")
    func ends() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let never = "restartPolicy: Never"
            try await node.start(
                pod("completed", never, containers: container("a", "exit 0"), container("b", "exit 0")),
                pod("failed", never, containers: container("a", "exit 0"), container("b", "exit 3")),
                pod("half", never, containers: container("a", "exit 0"), container("b", Script.patient)),
                pod("signalled", never, containers: "{name: a, image: 'busybox:1.28', command: [sleep, '4002']}"),
                pod("absent", never, containers: "{name: a, image: 'busybox:1.28', command: [/no/such]}"))

            let completed = try await node.pod("completed", "has succeeded") { $0.phase == "Succeeded" }
            #expect(completed.condition("Initialized") == "True PodCompleted")
            #expect(completed.condition("Ready") == "False PodCompleted")
            #expect(completed.condition("ContainersReady") == "False PodCompleted")
            #expect(completed.condition("PodScheduled") == "True")
            #expect(completed.end(of: "a")?["reason"] == "Completed")
            try await node.eventually("its sandbox is gone") {
                try await node.pod("completed")?.condition("PodReadyToStartContainers") == "False"
            }
            #expect(try await node.row("completed").prefix(4) == ["completed", "0/2", "Completed", "0"])

            let failed = try await node.pod("failed", "has failed") { $0.phase == "Failed" }
            #expect(failed.condition("Ready") == "False PodFailed")
            #expect(failed.end(of: "b")?["exitCode"] == 3 && failed.end(of: "b")?["reason"] == "Error")
            #expect(try await node.row("failed")[2] == "Error")

            let half = try await node.pod("half", "has half ended") { $0.end(of: "a") != nil }
            #expect(half.phase == "Running")
            #expect(half.condition("Ready") == "False ContainersNotReady")
            #expect(half.message("Ready") == "containers with unready status: [a]")
            #expect(try await node.row("half").prefix(3) == ["half", "1/2", "NotReady"])

            _ = try await node.running("signalled")
            try node.processes(named: "sleep").first { $0.arguments.last == "4002" }?.kill()
            let signalled = try await node.pod("signalled", "has failed") { $0.phase == "Failed" }
            #expect(signalled.end(of: "a")?["exitCode"] == 137 && signalled.end(of: "a")?["reason"] == "Error")

            let absent = try await node.pod("absent", "has failed") { $0.phase == "Failed" }
            let end = absent.end(of: "a")
            #expect(end?["exitCode"] == 128 && end?["reason"] == "StartError")
            #expect(end?["startedAt"] == "1970-01-01T00:00:00Z")
            #expect(end?["message"]?.string?.contains("/no/such") == true)
        }
    }

    @Test("rule 40: a Pod that has ended never runs again, whatever happens to the agent")
    func sticky() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(pod("once", "restartPolicy: OnFailure", containers: container("main", "exit 0")))
            let before = try await node.pod("once", "has succeeded") { $0.phase == "Succeeded" }
            try node.killAgent()
            try node.startAgent()
            try await node.repository.push(["app0/note.txt": "Nothing that matters.\n"], "Change nothing")
            try await node.eventually("the new agent has looked") {
                try await node.agent("history").output.contains("Change nothing")
            }
            try await node.eventually("its network is gone") {
                try node.processes(named: "pause").isEmpty
            }
            let after = try #require(try await node.pod("once"))
            #expect(after.phase == "Succeeded")
            #expect(after.life == before.life, "its address, too, stays to be seen")
        }
    }

    @Test(
        "rule 40: what ended while no agent was there has ended; it runs again, as another Pod, when its manifest changes"
    )
    func endedUnwatched() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            func job(_ value: String) -> String {
                pod(
                    "job", "restartPolicy: Never",
                    containers: container(
                        "main", "until [ -e /tmp/go ]; do sleep 1; done; printf $A > /dev/termination-log",
                        "env: [{name: A, value: \(value)}]"))
            }
            try await node.start(job("first"))
            let first = try await node.running("job")
            try node.killAgent()
            _ = try await node.inside("job", "touch /tmp/go")
            let ended = try await node.pod("job", "has ended") { $0.end(of: "main") != nil }
            #expect(ended.phase == "Succeeded" && ended.end(of: "main")?["message"] == "first")

            // The agent that finds both the end and the change makes no restart of them.
            try await node.repository.push(["app0/pod.yaml": job("second")], "Run another")
            try node.startAgent()
            let second = try await node.running("job") { $0.uid != first.uid }
            #expect(second.restarts(of: "main") == 0)
            _ = try await node.inside("job", "touch /tmp/go")
            let done = try await node.pod("job", "has succeeded") { $0.phase == "Succeeded" }
            #expect(done.uid == second.uid && done.end(of: "main")?["message"] == "second")
        }
    }

    @Test("rules 44 and 75: what a container is made from and is missing is told, and mends itself when it comes")
    func missing() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "map",
                    containers: container(
                        "main", Script.patient,
                        "env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}]")),
                pod(
                    "whole",
                    containers: container(
                        "main", Script.patient, "envFrom: [{secretRef: {name: key}, prefix: KEY_}]")),
                pod(
                    "optional",
                    containers: container(
                        "main", Script.patient,
                        "env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: b, optional: true}}}]")),
                pod(
                    "root", "securityContext: {runAsNonRoot: true}",
                    containers: container("main", Script.patient)))
            for name in ["map", "whole", "root"] {
                try await node.pod(name, "waits") { $0.waiting("main") == "CreateContainerConfigError" }
            }
            #expect(try await node.row("map")[2] == "CreateContainerConfigError")
            let words = [
                "map": "configmap \"settings\" not found", "whole": "secret \"key\" not found",
                "root": "container has runAsNonRoot and image will run as root",
            ]
            for (name, word) in words {
                let events = try await node.events(of: name)
                #expect(events.contains("Error: \(word)"), "\(name): \(events)")
            }
            let optional = try await node.running("optional")
            #expect(try await node.inside("optional", "echo ${A-unset}") == "unset\n")

            let settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {c: x}\n"
            try await node.repository.push(["app0/settings.yaml": settings], "Add the wrong key")
            try await node.eventually("the key is missing now") {
                try await node.events(of: "map").contains("couldn't find key a in ConfigMap default/settings")
            }
            try await node.repository.push(
                [
                    "app0/settings.yaml": settings.replacing("c: x", with: "a: here"),
                    "app1/key.yaml":
                        "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {word: sesame}\n",
                ], "Add what is missing")
            _ = try await node.running("map")
            _ = try await node.running("whole")
            #expect(try await node.inside("map", "echo $A") == "here\n")
            #expect(try await node.inside("whole", "echo $KEY_word") == "sesame\n")
            #expect(try await node.pod("optional")?.life == optional.life)
        }
    }

    @Test("what keeps a container from being born is told by its path")
    func unborn() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod("directory", containers: container("main", Script.patient, "workingDir: /etc/passwd")),
                pod(
                    "target", "volumes: [{name: v, configMap: {name: some}}, {name: w, emptyDir: {}}]",
                    containers: container(
                        "main", Script.patient,
                        "volumeMounts: [{name: v, mountPath: /v}, {name: w, mountPath: /v/new}]")),
                others: ["app1/some.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: some}\ndata: {a: b}\n"])
            for (name, path) in [("directory", "/etc/passwd"), ("target", "/v/new")] {
                try await node.eventually("\(name) is told") {
                    try await node.events(of: name).contains(path)
                }
                let shown = try #require(try await node.pod(name))
                #expect(shown.container("main")?["ready"] == false)
                #expect(shown.waiting("main") != nil || shown.end(of: "main") != nil, "\(shown.json)")
            }
        }
    }

    @Test("rule 48: last words: from any user's file, at any path, or the end of the log of what failed")
    func lastWords() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let never = "restartPolicy: Never"
            let fallback = "terminationMessagePolicy: FallbackToLogsOnError"
            try await node.start(
                pod(
                    "path", never,
                    containers: container(
                        "main", "printf DONE > /dev/custom-log", "terminationMessagePath: /dev/custom-log",
                        "securityContext: {runAsUser: 10000}")),
                pod("log", never, containers: container("main", "echo DONE; exit 1", fallback)),
                pod("well", never, containers: container("main", "echo DONE", fallback)),
                pod(
                    "file", never, containers: container("main", "echo no; printf OK > /dev/termination-log", fallback)),
                pod(
                    "long", never,
                    containers: container(
                        "main",
                        "{ head -c 1000 /dev/zero | tr '\\0' o; head -c 4096 /dev/zero | tr '\\0' x; } > /dev/termination-log"
                    )))
            for (name, phase, words) in [
                ("path", "Succeeded", "DONE"), ("log", "Failed", "DONE\n"), ("well", "Succeeded", nil),
                ("file", "Succeeded", "OK"), ("long", "Succeeded", String(repeating: "x", count: 4096)),
            ] {
                // Whoever sees the end sees the words, also between the exit and its commit.
                let ended = try await node.pod(name, "has ended") { $0.end(of: "main") != nil }
                #expect(ended.end(of: "main")?["message"]?.string == words, "the last words of \(name)")
                _ = try await node.pod(name, "is \(phase)") { $0.phase == phase }
            }
        }
    }

    @Test("rules 43 and 49: a container shows its present instance and the one before, no more")
    func instances() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web", "volumes: [{name: v, emptyDir: {}}]",
                    containers: container(
                        "main", "echo >> /v/n; n=$(wc -l < /v/n); [ $n -ge 2 ] || exit 5; \(Script.patient)",
                        "volumeMounts: [{name: v, mountPath: /v}]")))
            let pod = try await node.running("web")
            let status = try #require(pod.container("main"))
            #expect(status["state"]?["running"] != nil && status["ready"] == true)
            #expect(status["lastState"]?["terminated"]?["exitCode"] == 5)
            #expect(status["restartCount"] == 1)
            #expect(status["lastState"]?["terminated"]?["containerID"] != status["containerID"])
        }
    }
}
