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
            let (time, started) = try await start(try pod.startRequest("c\(run)", ["true"]), supervisor)
            took.append(time)
            timelines.append(started.timeline)
        }
        try await supervisor.shutDown()
        return (Sample("container in a standing Pod", took), timelines)
    }

    /// The same with the default filter of system calls and without one, in turn.
    func filteredStarts() async throws -> (filtered: Sample, unfiltered: Sample) {
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        var filtered: [Double] = []
        var unfiltered: [Double] = []
        for run in 0..<Self.runs {
            filtered.append(try await start(try pod.startRequest("f\(run)", ["true"]), supervisor).time)
            var request = try pod.startRequest("u\(run)", ["true"])
            request.process.seccompFilter = []
            unfiltered.append(try await start(request, supervisor).time)
        }
        try await supervisor.shutDown()
        return (Sample("  with the default seccomp filter", filtered), Sample("  with none (Unconfined)", unfiltered))
    }

    /// Starts a container, and waits until it is gone.
    private func start(
        _ request: StartRequest, _ supervisor: Supervisor
    ) async throws -> (time: Double, started: Supervisor.Started) {
        let begun = microseconds()
        let started = try await pod.start(supervisor, request)
        let time = microseconds() - begun
        while try await supervisor.currentState().contains(where: {
            $0.kind == StateEntry.container && $0.exit == nil
        }) {}
        try await supervisor.acknowledge(container: String(decoding: request.container, as: UTF8.self))
        return (time, started)
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
