import Foundation
import Manifests
import Testing

@Suite("Scenario 11: requests and limits")
struct LimitTests {
    private static func pod(_ name: String, _ script: String, _ resources: String) -> String {
        Written.running(script, as: name, "resources: {\(resources)}")
    }

    @Test("limits are those of the kernel, more memory is OOMKilled, and describe shows them")
    func limits() async throws {
        try await TestNode.use(images: [.busybox]) { node in
            let patient = "trap exit TERM; sleep 4001 & wait"
            try await node.repository.push(
                [
                    "limited/pod.yaml": Self.pod(
                        "limited", patient, "requests: {cpu: 200m, memory: 250Mi}, limits: {cpu: 1, memory: 500Mi}"),
                    "greedy/pod.yaml": Self.pod(
                        "greedy", "exec dd if=/dev/zero of=/dev/null bs=100000000 count=1", "limits: {memory: 32Mi}"),
                    "busy/pod.yaml": Self.pod(
                        "busy", "while :; do :; done & while :; do :; done & while :; do :; done", "limits: {cpu: 1}"),
                ], "Limit them")
            try node.startAgent()
            _ = try await node.running("limited")
            try await node.eventually("what wanted too much was killed for it") {
                let greedy = try await node.pod("greedy")?.container("main")
                let end = greedy?["lastState"]?["terminated"] ?? greedy?["state"]?["terminated"]
                return end?["reason"] == "OOMKilled" && end?["exitCode"] == 137
            }

            let page = try await node.agent("describe", "pod", "limited").output
            #expect(
                page.contains(/Limits:\n +cpu: +1\n +memory: +500Mi\n +Requests:\n +cpu: +200m\n +memory: +250Mi\n/),
                "\(page)")
            #expect(page.contains(/QoS Class: +Burstable\n/), "\(page)")

            let limited = try await node.group(of: "limited")
            #expect(limited("memory.max", "memory.limit_in_bytes") == "\(500 << 20)")
            #expect(["100000 100000", "100000"].contains(limited("cpu.max", "cpu.cfs_quota_us")))
            // 200m are 204 of 1024 shares; on cgroup v2 a weight.
            #expect(["204", "29"].contains(limited("cpu.weight", "cpu.shares")))

            _ = try await node.running("busy")
            let busy = try await node.group(of: "busy")
            func used() -> Double {
                let line = busy("cpu.stat", "cpu.stat")?.split(separator: "\n").first { $0.hasPrefix("usage_usec ") }
                return line.flatMap { Double($0.dropFirst("usage_usec ".count)) } ?? .nan
            }
            let (before, begun) = (used(), ContinuousClock.now)
            try await Task.sleep(for: .seconds(3))
            let share = (used() - before) / ((ContinuousClock.now - begun) / .microseconds(1))
            #expect(share <= 1.1 && share > 0.1, "one processor and no more: \(share)")
        }
    }
}

extension TestNode {
    /// Reads control files of a Pod's only container: by the name that cgroup v2 has for one, else by v1's.
    fileprivate func group(of pod: String) async throws -> (String, String) -> String? {
        let uid = try await self.pod(pod)?.uid ?? "none"
        let found = try await run(
            "/usr/bin/find", ["/sys/fs/cgroup", "-type", "d", "-path", "*\(cgroupParent)*\(uid)*", "-name", "main-*"])
        let groups = found.output.split(separator: "\n").map(String.init)
        return { newer, older in
            let texts = [newer, older].flatMap { file in groups.map { "\($0)/\(file)" } }.compactMap {
                try? String(contentsOfFile: $0, encoding: .utf8)
            }
            // Both kinds have a cpu.stat; only v2's tells what was used.
            return (texts.first { $0.contains("usage_usec") } ?? texts.first)?
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
