import Foundation
import ImageStore
import Linux
import NodeFixture
import PodFixture

/// `bench FLOOR [PART…]`: what this project costs, beside a bare C program at FLOOR and podman, in one run.
///
/// Parts: `pod`, `fleet`, `probes`, `repository`; all when none is named.
@main
struct Bench {
    static func main() async throws {
        if CommandLine.arguments.dropFirst().first == "worker" { exit(UnpackWorker.run()) }
        let parts = Set(CommandLine.arguments.dropFirst(2))
        func isWanted(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }
        print("times: p50, p95, max; the factor is against the floor")
        if isWanted("pod") { try await pod(floorProgram: CommandLine.arguments[1]) }
        if isWanted("fleet") {
            Report.section("A hundred Pods through the agent")
            try FleetBench.run()
        }
        if isWanted("probes") {
            Report.section("A hundred Pods, each tried every second")
            try ProbeBench.run(floorProgram: PodFixture.product("bench-probe-floor"))
        }
        if isWanted("repository") {
            Report.section("A repository of ten thousand files")
            try RepositoryBench.run()
        }
        Report.verdict()
    }

    private static func pod(floorProgram: String) async throws {
        let fixture = try PodFixture()
        defer { fixture.clean() }
        let supervisor = SupervisorBench(pod: fixture)
        Report.section("One Pod")
        let floor = try await floor(floorProgram, fixture)
        Report.row(floor)
        let (starts, timelines) = try await supervisor.containerStarts()
        Report.row(starts, floor: floor)
        Report.row(try await supervisor.execs(), floor: floor)
        let (filtered, unfiltered) = try await supervisor.filteredStarts()
        Report.row(filtered, floor: floor)
        Report.row(unfiltered, floor: floor)
        let added = filtered.median - unfiltered.median
        Report.figure(
            "  what the filter adds to the start", String(format: "%.2f ms", added), .atMost(1, "ms", added, "p50"))

        let node = try await PodBench.make()
        let burst = try await node.births(PodBench.burst, "burst")
        let whole = Sample("Pod in a burst, decision -> process runs", burst.whole)
        Report.row(
            whole, floor: floor, .atMost(10, "ms", whole.median, "p50"),
            .atMost(4, "times the floor", whole.times(floor), "p50"))
        Report.row(Sample("  of it: sandbox with link and address", burst.sandbox), floor: floor)
        Report.row(Sample("  of it: container", burst.container), floor: floor)
        let cold = try await node.births(PodBench.cold, "cold", pause: .milliseconds(500))
        let coldWhole = Sample("Pod after 500 ms of rest", cold.whole)
        let isHybrid = Processes.unified != "/sys/fs/cgroup"
        Report.row(coldWhole, floor: floor, .atMost(isHybrid ? 25 : 10, "ms", coldWhole.median, "p50"))
        Report.row(Sample("  of it: sandbox with link and address", cold.sandbox), floor: floor)
        Report.row(Sample("  of it: container", cold.container), floor: floor)
        try await node.end()

        if let podman = try PodmanBench.make() {
            let plays = try podman.plays()
            podman.end()
            Report.row(
                plays, floor: floor, .atLeast(20, "times the burst's Pod", plays.times(whole), "p50"))
        }
        print("\nwhere a container's start goes (median at the end of each step, from the clone):")
        SupervisorBench.printTimeline(timelines)
    }

    private static func floor(_ program: String, _ pod: PodFixture) async throws -> Sample {
        let scratch = "\(pod.base)/floor"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        let output = try await WorkerCommand(executable: program)
            .run(["\(pod.base)/layers/root", scratch, String(SupervisorBench.runs)], timeout: .seconds(120))
        let text = String(decoding: output.standardOutput, as: UTF8.self)
        return Sample("floor: C, own namespaces, overlay, exec", text.split(separator: "\n").compactMap { Double($0) })
    }
}
