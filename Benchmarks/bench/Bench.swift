import Foundation
import ImageStore
import Linux
import NodeRuntime
import PodFixture
import SupervisorCore

/// `bench FLOOR`: what a supervised container costs beside the bare C program at FLOOR, in the same run.
@main
struct Bench {
    static let runs = 100

    static func main() async throws {
        if CommandLine.arguments.dropFirst().first == "worker" { exit(UnpackWorker.run()) }
        let pod = try PodFixture()
        defer { pod.clean() }
        print("each row: p50, p95, max; the factor is against the floor\n")
        let floor = try await floor(CommandLine.arguments[1], pod)
        print(floor.row())
        let (starts, timelines) = try await containerStarts(pod)
        print(starts.row(floor: floor))
        print(try await execs(pod).row(floor: floor))
        print(try await pods().row(floor: floor))
        let node = try await PodBench.make()
        for sample in try await node.burst() { print(sample.row(floor: floor)) }
        let together = try await node.together()
        print(
            String(
                format: "%d Pods side by side: %.0f ms, %.1f ms a Pod", PodBench.pods, together / 1000,
                together / 1000 / Double(PodBench.pods)))
        try await node.end()
        print("\nwhere a container's start goes (median at the end of each step, from the clone):")
        printTimeline(timelines)
        print("")
        try await memory()
    }

    private static func floor(_ program: String, _ pod: PodFixture) async throws -> Sample {
        let scratch = "\(pod.base)/floor"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        let output = try await WorkerCommand(executable: program)
            .run(["\(pod.base)/layers/root", scratch, String(runs)], timeout: .seconds(120))
        let text = String(decoding: output.standardOutput, as: UTF8.self)
        return Sample("floor: C, own namespaces, overlay, exec", text.split(separator: "\n").compactMap { Double($0) })
    }

    /// From the request to the answer that the process runs: one container in a Pod that stands.
    private static func containerStarts(_ pod: PodFixture) async throws -> (Sample, [[UInt64]]) {
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        var took: [Double] = []
        var timelines: [[UInt64]] = []
        for run in 0..<runs {
            let request = try pod.startRequest("c\(run)", ["true"])
            let start = BootInstant.now()
            let started = try await pod.start(supervisor, request)
            took.append(Double(BootInstant.now().nanoseconds - start.nanoseconds) / 1000)
            timelines.append(started.timeline)
            while try await supervisor.currentState().contains(where: {
                $0.kind == StateEntry.container && $0.exit == nil
            }) {}
            try await supervisor.acknowledge(container: "c\(run)")
        }
        try await supervisor.shutDown()
        return (Sample("container in a standing Pod", took), timelines)
    }

    private static func execs(_ pod: PodFixture) async throws -> Sample {
        let supervisor = try await pod.launch()
        try await pod.createSandbox(supervisor)
        try await pod.start(supervisor, "host", ["sleep", "1000"])
        var took: [Double] = []
        for run in 0..<runs {
            let start = BootInstant.now()
            _ = try await pod.exec(supervisor, "e\(run)", in: "host", ["true"])
            took.append(Double(BootInstant.now().nanoseconds - start.nanoseconds) / 1000)
        }
        try await supervisor.shutDown()
        return Sample("exec of true, to the end of its output", took)
    }

    /// A whole Pod without its network: supervisor, pause, one container.
    private static func pods() async throws -> Sample {
        var took: [Double] = []
        for _ in 0..<20 {
            let pod = try PodFixture()
            let request = try pod.startRequest("c", ["sleep", "1000"])
            let start = BootInstant.now()
            let supervisor = try await pod.launch()
            try await pod.createSandbox(supervisor)
            try await pod.start(supervisor, request)
            took.append(Double(BootInstant.now().nanoseconds - start.nanoseconds) / 1000)
            try await supervisor.shutDown()
            pod.clean()
        }
        return Sample("supervisor, pause, container; no link", took)
    }

    private static func printTimeline(_ timelines: [[UInt64]]) {
        let stages = [
            1: "clone", 2: "sources", 3: "overlay", 4: "join namespaces", 6: "mounts, masks, cgroup", 7: "pivot_root",
            8: "user", 10: "credentials",
        ]
        let rows = stages.sorted { $0.key < $1.key }.map { stage, name in
            let instants = timelines.compactMap { $0.indices.contains(stage) ? Double($0[stage]) / 1000 : nil }
            return (name: name, median: Sample(name, instants).percentile(0.5) / 1000)
        }
        let widest = rows.map(\.median).max() ?? 1
        for row in rows {
            let bar = String(repeating: "#", count: Int((row.median / widest * 40).rounded()))
            let name = row.name.padding(toLength: 24, withPad: " ", startingAt: 0)
            print(String(format: "  %@ %6.2f ms %@", name, row.median, bar))
        }
    }

    /// PSS of supervisor, logger and pause, with many Pods beside each other as on a node.
    private static func memory() async throws {
        let count = 50
        var pods: [PodFixture] = []
        var supervisors: [Supervisor] = []
        defer { for pod in pods { pod.clean() } }
        for _ in 0..<count {
            let pod = try PodFixture()
            pods.append(pod)
            let supervisor = try await pod.launch()
            try await pod.createSandbox(supervisor)
            try await pod.start(supervisor, "c", ["sleep", "1000"])
            supervisors.append(supervisor)
        }
        try await Task.sleep(for: .milliseconds(300))
        var pss = 0
        for pod in pods {
            for pid in pod.processes("/supervisors") + pod.processes("/pod/pause") { pss += proportionalSetSize(pid) }
        }
        print(
            String(
                format: "supervisor, logger and pause: %.0f KiB PSS a Pod (%d Pods with one container each)",
                Double(pss) / Double(count), count))
        let before = try switches(pods)
        try await Task.sleep(for: .seconds(10))
        print("context switches of \(count) resting supervisors and loggers in 10 s: \(try switches(pods) - before)")
        for supervisor in supervisors { try await supervisor.shutDown() }
    }

    private static func proportionalSetSize(_ pid: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("Pss:") } ?? ""
        return Int(line.split(whereSeparator: \.isWhitespace).dropFirst().first ?? "") ?? 0
    }

    private static func switches(_ pods: [PodFixture]) throws -> Int {
        try pods.flatMap { $0.processes("/supervisors") }.reduce(0) { sum, pid in
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            return sum
                + status.split(separator: "\n").filter { $0.contains("ctxt_switches") }
                .compactMap { Int($0.split(whereSeparator: \.isWhitespace).last ?? "") }.reduce(0, +)
        }
    }
}
