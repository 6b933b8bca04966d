import Foundation
import Glibc
import NodeFixture
import PodFixture

/// A repository of ten thousand manifests, of which this node runs one Pod.
struct RepositoryBench {
    static let files = 10_000

    static func run() throws {
        let agent = try AgentNode()
        defer { do { try agent.end() } catch { print("cleaning up failed: \(error)") } }
        _ = try agent.push(
            """
            for n in $(seq \(files)); do
                app=pods/app$((n / 100)); [ -d $app ] || mkdir -p $app
                printf 'apiVersion: v1\\nkind: Pod\\nmetadata: {name: p%s}\\nspec:\\n  nodeName: %s\\n  containers:\\n  - {name: main, image: "busybox:test", command: [sleep, "1000"]}\\n' \
                    $n $([ $n = 1 ] && echo bench || echo elsewhere) > $app/p$n.yaml
            done
            """)
        try validate(agent)
        try agent.start(interval: "1s")
        try agent.wait("the one Pod of this node", upTo: 120) { try agent.lines().contains { $0.contains("Running") } }
        usleep(2_000_000)
        let (time, seconds) = (agent.processorTime, 8.0)
        usleep(UInt32(seconds * 1e6))
        let each = (agent.processorTime - time) / 1000 / seconds
        Report.figure(
            "poll of \(files) unchanged files, CPU", String(format: "%.2f ms", each), .atMost(10, "ms", each))

        try agent.stop()
        try agent.start(interval: "10ms")
        usleep(6_000_000)
        var took: [Double] = []
        for round in 0..<5 {
            let label = "round\(round)"
            let pushed = try agent.push(
                "sed -i 's/{name: p1.*/{name: p1, labels: {at: \(label)}}/' pods/app0/p1.yaml")
            let seen = try agent.wait("the plan", upTo: 60, pause: 1000) {
                agent.recordFiles.contains { $0.contains(label) }
            }
            took.append(seen - pushed)
            usleep(1_500_000)
        }
        let sample = Sample("one of \(files) files changed: push -> carried out", took)
        Report.row(sample, .atMost(50, "ms", sample.median, "p50"))
    }

    private static func validate(_ agent: AgentNode) throws {
        let begun = microseconds()
        do {
            try agent.node.shell("\(PodFixture.product("reconcile-agent")) validate work/pods >/dev/null")
            let took = (microseconds() - begun) / 1e6
            Report.figure("validate \(files) Pods", String(format: "%.2f s", took), .atMost(2, "s", took))
        } catch { Report.note("validate \(files) Pods: \(error)".prefix(160).description) }
    }
}
