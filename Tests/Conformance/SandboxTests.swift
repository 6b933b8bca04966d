import Foundation
import Manifests
import Testing

@Suite("Sandboxes")
struct SandboxTests {
    private static let claim = "volumes: [{name: shared, persistentVolumeClaim: {claimName: log}}]"
    private static let mount = "volumeMounts: [{name: shared, mountPath: /shared}]"

    @Test("rule 1: a Pod that ends is never taken back; its successor waits until it is gone")
    func successor() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            func version(_ argument: String) -> String {
                pod(
                    "web", "terminationGracePeriodSeconds: 600", Self.claim,
                    containers: container(
                        "main",
                        ": \(argument); echo start $UID >> /shared/log; "
                            + "trap 'until [ -e /shared/seen ]; do usleep 100000; done; echo end $UID >> /shared/log; exit 0' TERM; "
                            + "sleep 4001 & wait", Self.mount,
                        "env: [{name: UID, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}]"))
            }
            try await node.start(version("one"))
            let first = try await node.running("web")
            // Two changes in a row: the second brings back what is just ending.
            try await node.repository.push(["app0/pod.yaml": version("two")], "Change it")
            try await node.status(of: "web", becomes: "Terminating")
            try await node.repository.push(["app0/pod.yaml": version("one")], "Change it back")
            let shared = "\(node.base)/state/claims/default_log"
            try Data().write(to: URL(fileURLWithPath: "\(shared)/seen"))

            let last = try await node.running("web") { $0.uid != first.uid && $0.json["spec"] == first.json["spec"] }
            let log = try String(contentsOfFile: "\(shared)/log", encoding: .utf8)
            let words = log.split(separator: "\n").map { $0.split(separator: " ") }
            #expect(words.first?.last == first.uid.map { $0[...] })
            #expect(words.last == ["start", Substring(last.uid ?? "")])
            for (earlier, later) in zip(words, words.dropFirst()) where later[0] == "start" {
                #expect(earlier[0] == "end", "one begins where the other has ended: \(log)")
            }
        }
    }

    @Test("rule 4: a sandbox that died is made anew from the first init container on, and is told of")
    func sandboxChanged() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web", Self.claim, initContainers: [container("first", "echo init >> /shared/log", Self.mount)],
                    containers: container("main", "echo main >> /shared/log; \(Script.patient)", Self.mount)))
            let before = try await node.running("web")

            try node.processes(named: "pause").forEach { $0.kill() }

            let after = try await node.running("web") { $0.restarts(of: "main") == 1 }
            #expect(after.uid == before.uid)
            let log = try String(contentsOfFile: "\(node.base)/state/claims/default_log/log", encoding: .utf8)
            #expect(log == "init\nmain\ninit\nmain\n")
            let events = try await node.events(of: "web")
            #expect(
                events.contains(/Normal +SandboxChanged +.*Pod sandbox changed, it will be killed and re-created\./),
                "\(events)")
        }
    }

    @Test("rule 4: a Pod that never restarts and has run gets no other sandbox")
    func noOtherSandbox() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.start(
                pod(
                    "web", "restartPolicy: Never",
                    containers: container("main", "trap 'exit 3' TERM; sleep 4001 & wait")))
            _ = try await node.running("web")

            try node.processes(named: "pause").forEach { $0.kill() }

            let after = try await node.pod("web", "has failed") { $0.phase == "Failed" }
            #expect(after.restarts(of: "main") == 0)
            try await node.eventually("nothing of it is left") { try node.processes(named: "pause").isEmpty }
        }
    }

    @Test("rule 5: containers start in the order of the manifest, and postStart holds up the next")
    func order() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let mount = "volumeMounts: [{name: order, mountPath: /order}]"
            try await node.start(
                pod(
                    "web", "volumes: [{name: order, emptyDir: {}}]",
                    containers: container(
                        "z", "echo z >> /order/log; \(Script.patient)", mount,
                        "lifecycle: {postStart: {exec: {command: [sh, -c, 'sleep 1; echo hook >> /order/log']}}}"),
                    container("a", "echo a >> /order/log; \(Script.patient)", mount)))
            _ = try await node.running("web", ready: "2/2")
            #expect(try await node.inside("web", "cat /order/log", of: "a") == "z\nhook\na\n")
        }
    }

    @Test("rule 6: another image restarts that container alone, whatever the policy")
    func imageChanges() async throws {
        try await TestNode.use(images: [.busybox, .centos]) { node in
            let manifest = pod(
                "web", "restartPolicy: Never", containers: container("stays", Script.patient),
                container("changes", Script.patient))
            try await node.start(manifest)
            let before = try await node.running("web", ready: "2/2")

            let changed = manifest.replacing(
                "{name: changes, image: 'busybox:1.28'", with: "{name: changes, image: 'centos:7'")
            try await node.repository.push(["app0/pod.yaml": changed], "Change one image")

            let after = try await node.running("web", ready: "2/2") { $0.restarts(of: "changes") == 1 }
            #expect(after.uid == before.uid && after.address == before.address)
            #expect(after.containerID(of: "stays") == before.containerID(of: "stays"))
            #expect(after.container("changes")?["image"]?.string?.contains("centos") == true)
        }
    }
}
