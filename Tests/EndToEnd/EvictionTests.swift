import Foundation
import Manifests
import Testing

@Suite("Pods that have to go")
struct EvictionTests {
    private static func pod(_ name: String, _ more: String = "", _ spec: String = "") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name)}
        spec:
          terminationGracePeriodSeconds: 1
        \(spec)  containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "trap exit TERM; sleep 4001 & wait"]
        \(more)
        """
    }

    @Test("a volume on disk over its limit ends the Pod for good, in the kubelet's words, until Git changes it")
    func sizeLimit() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let volume = "  volumes: [{name: data, emptyDir: {sizeLimit: 1Mi}}]\n"
            let mount = "      volumeMounts: [{name: data, mountPath: /data}]\n"
            try await node.repository.push(["a/pod.yaml": Self.pod("bounded", mount, volume)], "Bound a volume")
            try node.startAgent()
            let pod = try await node.running("bounded")
            let write = try await node.agent(
                "exec", "bounded", "--", "dd", "if=/dev/zero", "of=/data/x", "bs=1048576", "count=3")
            #expect(write.status == 0, "\(write)")

            try await node.eventually("it is evicted") {
                try await node.pod("bounded")?.json["status"]?["reason"]?.string == "Evicted"
            }
            let words = "Usage of EmptyDir volume \"data\" exceeds the limit \"1Mi\". "
            let shown = try await node.pod("bounded")
            #expect(shown?.phase == "Failed")
            #expect(shown?.json["status"]?["message"]?.string == words)
            #expect(try await node.agent("events").output.contains("Warning   Evicted"))
            try await node.eventually("nothing of it runs") { try node.processes(named: "sleep").isEmpty }
            #expect(try await node.agent("status").output.contains("default/bounded has failed: Evicted: "))

            // Sticky: another agent starts nothing of it.
            try node.killAgent()
            try node.startAgent()
            try await Task.sleep(for: .seconds(1))
            #expect(try await node.pod("bounded")?.uid == pod.uid)
            #expect(try node.processes(named: "sleep").isEmpty)

            let larger = volume.replacing("1Mi", with: "64Mi")
            try await node.repository.push(["a/pod.yaml": Self.pod("bounded", mount, larger)], "Give it more")
            let next = try await node.running("bounded") { $0.uid != pod.uid }
            #expect(next.phase == "Running")
        }
    }

    @Test(
        "a node that is short of memory has the Pod make way that counts least, tells its condition, and spares the critical"
    )
    func memory() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(
                [
                    "a/least.yaml": Self.pod("least", "", "  priority: -1\n"),
                    "a/critical.yaml": Self.pod("critical", "", "  priorityClassName: system-node-critical\n"),
                ], "Rank Pods")
            try node.startAgent()
            try await node.running("least")
            try await node.running("critical")
            try node.endAgent()

            // More than any machine has left.
            try node.startAgent("--eviction-hard", "memory.available<99.99%")
            try await node.eventually("one made way") {
                try await node.pod("least")?.json["status"]?["reason"]?.string == "Evicted"
            }
            let message = try await node.pod("least")?.json["status"]?["message"]?.string ?? ""
            #expect(message.hasPrefix("The node was low on resource: memory. Threshold quantity: "), "\(message)")
            #expect(message.contains("Container main was using "), "\(message)")
            try await node.eventually("the condition is told") {
                try await node.agent("status").output.contains("MemoryPressure since ")
            }
            #expect(try await node.row("critical").dropFirst().prefix(2) == ["1/1", "Running"])
            let refused = try await node.agent("reconcile", "--once", "--eviction-hard", "memory.available")
            #expect(refused.status == 2 && refused.errors.contains("is no threshold"), "\(refused)")
        }
    }

    @Test("before Pods make way for a disk, images that nobody needs are given up; who keeps nothing on it stays")
    func disk() async throws {
        try await TestNode.use(images: [.busybox, .centos]) { node in
            try await node.repository.push(
                ["a/pod.yaml": Self.pod("web"), "a/modest.yaml": Self.pod("modest")], "Run two")
            try node.startAgent()
            try await node.running("modest")
            try await node.running("web")
            let write = try await node.agent(
                "exec", "web", "--", "dd", "if=/dev/zero", "of=/big", "bs=1048576", "count=3")
            #expect(write.status == 0, "\(write)")
            try node.endAgent()

            try node.startAgent("--eviction-hard", "nodefs.available<99.99%")
            try await node.eventually("it made way") {
                try await node.pod("web")?.json["status"]?["reason"]?.string == "Evicted"
            }
            let message = try await node.pod("web")?.json["status"]?["message"]?.string ?? ""
            #expect(message.hasPrefix("The node was low on resource: ephemeral-storage. "), "\(message)")
            let images = try await node.agent("image", "list").output
            #expect(images.contains("busybox") && !images.contains("centos"), "\(images)")
            #expect(try await node.agent("status").output.contains("DiskPressure since "))
            #expect(try await node.row("modest").dropFirst().prefix(2) == ["1/1", "Running"])
        }
    }

    @Test("a node that runs short takes no Pod on until that is over, and says so; who has the node keeps it")
    func pressure() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(["a/early.yaml": Self.pod("early")], "Run one")
            try node.startAgent("--eviction-hard", "none")
            let early = try await node.running("early")
            try node.endAgent()
            try await node.repository.push(
                ["a/early.yaml": Self.pod("early"), "a/late.yaml": Self.pod("late")], "Run two")

            try node.startAgent("--eviction-hard", "nodefs.available<99.99%")
            let words = "1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }"
            try await node.eventually("it waits, and status says so") {
                try await node.agent("status").output.contains("default/late waits, Unschedulable: 0/1 nodes")
            }
            #expect(try await node.row("late").dropFirst().prefix(2) == ["0/1", "Pending"])
            #expect(try await node.agent("why", "late").output.contains(words))
            #expect(try await node.agent("describe", "pod", "late").output.contains(words))
            #expect(try await node.agent("status").output.contains("; new Pods wait"))
            #expect(try await node.pod("early")?.uid == early.uid)

            // No agent forgets that a Pod waits: it starts because it need not wait any more.
            try node.endAgent()
            try node.startAgent("--eviction-hard", "none")
            try await node.running("late")
        }
    }
}
