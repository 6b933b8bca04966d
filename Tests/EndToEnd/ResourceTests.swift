import Foundation
import Manifests
import Testing

@Suite("What Pods ask of the machine")
struct ResourceTests {
    private static func pod(_ name: String, _ resources: String, command: String = "trap exit TERM; sleep 5000 & wait")
        -> String
    {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: \(name)
        spec:
          containers:
            - name: main
              image: busybox:1.28
              command: ["sh", "-c", "\(command)"]
              resources: \(resources)

        """
    }

    /// A node of one processor, as far as Pods may know.
    private static let settings = [
        "RECONCILE_AGENT_SYSTEM_RESERVED":
            "cpu=\((ProcessInfo.processInfo.activeProcessorCount - 1) * 1000 + 100)m,memory=16Mi",
        "RECONCILE_AGENT_KUBE_RESERVED": "cpu=0", "RECONCILE_AGENT_MAX_PODS": "20",
        "RECONCILE_AGENT_POD_MAX_PIDS": "100",
    ]
    private static let noRoom =
        "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: "
        + "1 No preemption victims found for incoming pod."

    @Test("scenario 12: what the node has no room for stays Pending in the scheduler's words, and starts when there is")
    func unschedulable() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            try await node.repository.push(
                [
                    "first/pod.yaml": Self.pod("first", "{requests: {cpu: 600m}}"),
                    "large/pod.yaml": Self.pod("large", "{requests: {cpu: 4}}"),
                    "next/pod.yaml": Self.pod("next", "{requests: {cpu: 600m}}"),
                ], "Ask for more than there is")
            try node.startAgent(variables: Self.settings)
            try await node.running("first")
            let uid = try #require(try await node.pod("first")?.uid)
            let root = FileManager.default.fileExists(atPath: "/sys/fs/cgroup/pids") ? "/pids" : ""
            let group = "/sys/fs/cgroup\(root)/\(node.cgroupParent)/burstable/pod\(uid)"
            #expect(try String(contentsOfFile: "\(group)/pids.max", encoding: .utf8) == "100\n")
            for name in ["large", "next"] {
                try await node.eventually("\(name) waits") {
                    try await node.pod(name)?.condition("PodScheduled") == "False Unschedulable"
                }
                #expect(try await node.row(name).prefix(3) == [name, "0/1", "Pending"])
                let status = try await node.pod(name)?.json["status"]
                #expect(status?["conditions"]?[0]?["message"]?.string == Self.noRoom)
                #expect(status?["qosClass"] == "Burstable")
                #expect(status?["containerStatuses"] == nil)
            }
            let page = try await node.agent("describe", "pod", "large").output
            #expect(page.contains("FailedScheduling") && page.contains(Self.noRoom), "\(page)")
            #expect(page.contains("PodScheduled"), "\(page)")
            #expect(page.contains(/Node:\s+<none>/), "\(page)")
            let status = try await node.agent("status")
            #expect(status.status == 1 && status.output.contains("default/large waits, Unschedulable"), "\(status)")
            #expect(try await node.agent("why", "large").output.contains("it waits, Unschedulable: \(Self.noRoom)"))

            try node.killAgent()
            try node.startAgent()
            try await node.repository.push(["first/pod.yaml": nil], "Make room")
            try await node.running("next")
            #expect(try await node.row("large").prefix(3) == ["large", "0/1", "Pending"])

            try await node.repository.push(
                ["large/pod.yaml": Self.pod("large", "{requests: {cpu: 200m}}")], "Ask for less")
            try await node.running("large")
        }
    }

    @Test("one pass says what waits, and so does the look before it; what runs stays as it was")
    func once() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let settings = ["--system-reserved", Self.settings["RECONCILE_AGENT_SYSTEM_RESERVED"] ?? ""]
            try await node.repository.push(
                [
                    "a/pod.yaml": Self.pod("a", "{requests: {cpu: 500m}}"),
                    "b/pod.yaml": Self.pod("b", "{requests: {cpu: 4}}"),
                ], "Ask for more than there is")

            let before = try await node.agent(["diff"] + settings)
            #expect(before.output.contains("would stay Pending: Insufficient cpu"), "\(before)")
            let said = try await node.agent(["reconcile", "--once"] + settings)
            #expect(said.status == 8, "\(said)")
            #expect(
                said.complaints.contains(
                    "error: default/b was not healthy in time: Pending, Unschedulable: \(Self.noRoom)"), "\(said)")
            let life = try await node.pod("a")?.life

            try await node.repository.push(
                ["a/pod.yaml": Self.pod("a", "{requests: {cpu: 5}}"), "b/pod.yaml": nil], "Grow beyond the node")
            #expect(try await node.agent("diff").output.contains("would never be made, the node is too small"))
            let pending = try await node.agent("reconcile", "--once")
            #expect(pending.status == 8, "\(pending)")
            let shown = try await node.pod("a")
            #expect(shown?.condition("PodResizePending") == "True Infeasible")
            #expect(shown?.life == life)

            let wrong = try await node.agent("reconcile", "--once", "--system-reserved", "cpu:1")
            expect(wrong, exits: 2, saying: ["'cpu:1' is no amount of a resource"])
        }
    }

    @Test("scenario 11: limits are the kernel's, requests are shown, and what exceeds its memory is OOMKilled")
    func limits() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let resources = "{requests: {cpu: 200m, memory: 250Mi}, limits: {cpu: 1, memory: 500Mi}}"
            try await node.repository.push(
                [
                    "web/pod.yaml": Self.pod("web", resources),
                    "hungry/pod.yaml": Self.pod("hungry", "{limits: {memory: 24Mi}}", command: "tail /dev/zero"),
                    "idle/pod.yaml": Self.pod("idle", "{}"),
                ], "Ask for some")
            try node.startAgent()
            try await node.running("web")
            try await node.running("idle")

            let uid = try #require(try await node.pod("web")?.uid)
            let isUnified = !FileManager.default.fileExists(atPath: "/sys/fs/cgroup/unified")
            func read(_ controller: String, _ group: String, _ file: String) throws -> String {
                let tree = "/sys/fs/cgroup" + (isUnified ? "" : "/\(controller)")
                return try String(contentsOfFile: "\(tree)/\(node.cgroupParent)/\(group)/\(file)", encoding: .utf8)
            }
            let pod = "burstable/pod\(uid)"
            for group in [pod, "\(pod)/main-0"] {
                if isUnified {
                    #expect(try read("cpu", group, "cpu.max") == "100000 100000\n")
                    #expect(try read("cpu", group, "cpu.weight") == "29\n")
                    #expect(try read("memory", group, "memory.max") == "\(500 << 20)\n")
                } else {
                    #expect(try read("cpu", group, "cpu.cfs_quota_us") == "100000\n")
                    #expect(try read("cpu", group, "cpu.shares") == "204\n")
                    #expect(try read("memory", group, "memory.limit_in_bytes") == "\(500 << 20)\n")
                }
            }
            #expect(
                try read("cpu", "besteffort", isUnified ? "cpu.weight" : "cpu.shares") == (isUnified ? "1\n" : "2\n"))
            let page = try await node.agent("describe", "pod", "web").output
            #expect(page.contains("    Limits:\n      cpu:     1\n      memory:  500Mi\n"), "\(page)")
            #expect(page.contains("    Requests:\n      cpu:        200m\n      memory:     250Mi\n"), "\(page)")
            #expect(page.contains(/QoS Class:\s+Burstable/), "\(page)")
            try await node.eventually("the hungry one is killed for it") {
                let last = try await node.pod("hungry")?.container("main")?["lastState"]?["terminated"]
                return last?["reason"] == "OOMKilled" && last?["exitCode"] == 137
            }
        }
    }
}
