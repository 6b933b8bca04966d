import Foundation
import Manifests
import Testing

@Suite("The words of get, logs and events")
struct WordTests {
    @Test("rules 50 to 53: columns, READY and RESTARTS, with sidecars and ages")
    func columns() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web",
                    initContainers: [
                        container("once", "exit 0"), container("side", Script.patient, "restartPolicy: Always"),
                    ], containers: container("main", Script.patient)))
            _ = try await node.running("web", ready: "2/2")
            let wide = try await node.agent("get", "pods", "-o", "wide").rows
            #expect(
                wide.first == [
                    "NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE", "NOMINATED NODE", "READINESS GATES",
                ])
            #expect(wide.last?.suffix(2) == ["<none>", "<none>"])
            #expect(wide.last?[4].wholeMatch(of: /\d+s|\dm\d+s/) != nil, "\(wide)")

            for process in try node.processes(named: "sh") where process.isFirstOfContainer { process.kill() }
            _ = try await node.running("web", ready: "2/2") { $0.restarts(of: "main") == 1 }
            let row = try await node.row("web")
            #expect(row[3].wholeMatch(of: /2 \(\d+s ago\)/) != nil, "the sidecar's counts too: \(row)")
        }
    }

    @Test("rules 55 and 56: logs choose a container, and say what there is not, as kubectl does")
    func logs() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web", initContainers: [container("init1", "echo prepared")],
                    containers: container("a", "echo from a; \(Script.patient)"),
                    container("b", "echo from b; \(Script.patient)")
                ).replacing("labels:", with: "annotations: {kubectl.kubernetes.io/default-container: b}, labels:"),
                pod("waits", containers: "{name: main, image: 'no-such:1', imagePullPolicy: Never}"),
                pod(
                    "twice", "volumes: [{name: v, emptyDir: {}}]",
                    containers: container(
                        "main", "echo >> /v/n; echo run $(wc -l < /v/n); exit 1",
                        "volumeMounts: [{name: v, mountPath: /v}]")))
            _ = try await node.running("web", ready: "2/2")

            let chosen = try await node.agent("logs", "web")
            #expect(chosen.output == "from b\n" && chosen.errors == "", "the annotation names one: \(chosen)")
            let wrong = try await node.agent("logs", "web", "-c", "x")
            #expect(wrong.complaints == ["error: container x is not valid for pod web out of: a, b, init1 (init)"])
            #expect(try await node.agent("logs", "web", "-c", "init1").output == "prepared\n")
            let previous = try await node.agent("logs", "-p", "web", "-c", "a")
            #expect(
                previous.complaints.first?.contains("previous terminated container \"a\" in pod \"web\" not found")
                    == true, "\(previous)")

            try await node.status(of: "waits", becomes: "ErrImageNeverPull")
            let waiting = try await node.agent("logs", "waits")
            #expect(
                waiting.complaints.first?.contains(
                    "container \"main\" in pod \"waits\" is waiting to start: ErrImageNeverPull") == true, "\(waiting)")

            // Held back: the last instance's log is shown, and the one before it by -p.
            try await node.pod("twice", "is held back") {
                $0.restarts(of: "main") ?? 0 > 0 && $0.waiting("main") == "CrashLoopBackOff"
            }
            let last = try await node.agent("logs", "twice").output
            let before = try await node.agent("logs", "-p", "twice").output
            #expect(last.contains(/^run [2-9]\n$/) && before.contains(/^run [1-8]\n$/), "\(last)\(before)")
        }
    }

    @Test("rules 54 and 57: a Pod's life, told in order by watch and events")
    func life() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(others: ["README.md": "Nothing yet.\n"])
            try await node.eventually("the agent is there") { try await node.agent("get", "pods").status == 0 }
            let watch = try node.startInBackground("get", "pods", "--watch")
            try await node.repository.push(
                [
                    "app0/pod.yaml":
                        pod(
                            "web",
                            initContainers: [
                                container("one", "until [ -e /tmp/go ]; do usleep 100000; done"),
                                container("two", "sleep 1"),
                            ], containers: container("main", Script.patient))
                ], "Run it")
            try await node.status(of: "web", becomes: "Init:0/2")
            _ = try await node.inside("web", "touch /tmp/go", of: "one")
            _ = try await node.running("web")
            try await node.repository.push(["app0/pod.yaml": nil], "End it")
            try await node.eventually("it is gone") { try await node.row("web").isEmpty }

            let told = try watch.text().split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                return words.first == "web" ? String(words[2]) : nil
            }
            let order = ["Pending", "Init:0/2", "Init:1/2", "PodInitializing", "Running", "Terminating"]
            let seen = told.filter(order.contains).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
            #expect(seen == order.filter(seen.contains), "in this order: \(told)")
            #expect(Set(seen).isSuperset(of: ["Init:0/2", "Init:1/2", "Running", "Terminating"]), "\(told)")

            let events = try await node.events(of: "web")
            let reasons = events.split(separator: "\n").dropFirst().compactMap { line in
                line.split(separator: /\s{2,}/).dropFirst(2).first.map(String.init)
            }
            #expect(reasons.first == "Scheduled", "\(events)")
            for reason in ["Pulled", "Created", "Started", "Killing"] {
                #expect(reasons.contains(reason), "\(reason) in \(events)")
            }
            #expect(events.contains("Successfully assigned default/web to node-1"), "\(events)")
            #expect(events.contains("Stopping container main"), "\(events)")
            let list = try await node.agent("events", "--for", "pod/web", "-o", "json").output
            #expect(list.contains("spec.initContainers{one}") && list.contains("spec.containers{main}"), "\(list)")
        }
    }
}
