import Foundation
import Linux
import NodeRuntime
import PodFixture
import SupervisorCore

/// One container and one exec in a Pod that stands, asked of its supervisor.
struct SupervisorBench {
    static let runs = 100

    let pod: PodFixture

    /// From the request to the answer that the process runs, and the instants at which each step of its birth ended.
    func containerStarts() async throws -> (Sample, [[UInt64]]) {
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        var took: [Double] = []
        var timelines: [[UInt64]] = []
        for run in 0..<Self.runs {
            let request = try pod.startRequest("c\(run)", ["true"])
            let start = microseconds()
            let started = try await pod.start(supervisor, request)
            took.append(microseconds() - start)
            timelines.append(started.timeline)
            while try await supervisor.currentState().contains(where: {
                $0.kind == StateEntry.container && $0.exit == nil
            }) {}
            try await supervisor.acknowledge(container: "c\(run)")
        }
        try await supervisor.shutDown()
        return (Sample("container in a standing Pod", took), timelines)
    }

    func execs() async throws -> Sample {
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        try await pod.start(supervisor, "host", ["sleep", "1000"])
        var took: [Double] = []
        for run in 0..<Self.runs {
            let start = microseconds()
            _ = try await pod.exec(supervisor, "e\(run)", in: "host", ["true"])
            took.append(microseconds() - start)
        }
        try await supervisor.shutDown()
        return Sample("exec of true, to the end of its output", took)
    }

    static func printTimeline(_ timelines: [[UInt64]]) {
        let stages = [
            1: "clone", 2: "sources", 3: "overlay", 4: "join namespaces", 6: "mounts, masks, cgroup", 7: "pivot_root",
            8: "user", 10: "credentials",
        ]
        let rows = stages.sorted { $0.key < $1.key }.map { stage, name in
            let instants = timelines.compactMap { $0.indices.contains(stage) ? Double($0[stage]) / 1000 : nil }
            return (name: name, median: Sample(name, instants).median)
        }
        let widest = rows.map(\.median).max() ?? 1
        for row in rows {
            let bar = String(repeating: "#", count: Int((row.median / widest * 40).rounded()))
            print(String(format: "  %@ %6.2f ms %@", row.name.padded(to: 24), row.median, bar))
        }
    }
}
