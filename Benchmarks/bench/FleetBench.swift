import Foundation
import Glibc
import NodeFixture

/// A hundred Pods through the real agent: from the push to Running, at rest, and to their end.
struct FleetBench {
    static let pods = 100

    static func run() throws {
        let agent = try AgentNode()
        defer { do { try agent.end() } catch { print("cleaning up failed: \(error)") } }
        try agent.start(interval: "50ms")
        usleep(500_000)

        let pushed = try agent.push(
            """
            for n in $(seq \(pods)); do cat > pods/p$n.yaml <<POD
            apiVersion: v1
            kind: Pod
            metadata: {name: p$n}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - {name: main, image: 'busybox:test', imagePullPolicy: Never, command: [sleep, '1000']}
            POD
            done
            """)
        let born = try agent.wait("all Pods' processes", upTo: 60) { agent.running == pods }
        let running = try agent.wait("all Pods Running", upTo: 60) {
            try agent.lines().filter { $0.contains(" Running ") }.count == pods
        }
        Report.figure("push -> \(pods) processes", seconds(born - pushed))
        Report.figure(
            "push -> \(pods) Pods Running in `get pods`", seconds(running - pushed),
            .atMost(1.5, "s", (running - pushed) / 1e6))

        try atRest(agent)
        try teardown(agent)
    }

    /// Memory and idleness, by an agent that took the Pods over and polls every ten seconds.
    private static func atRest(_ agent: AgentNode) throws {
        try agent.stop()
        try agent.start(interval: "10s")
        usleep(4_000_000)
        let pauses = agent.pauses
        let supervisors = agent.supervisors
        let shared = (supervisors + pauses).reduce(0) { $0 + Processes.proportionalSetSize($1) }
        let each = Double(shared) / Double(pods)
        Report.figure(
            "supervisor, logger and pause, PSS a Pod", String(format: "%.0f KiB", each),
            .atMost(0.25, "MiB", each / 1024))
        if let kernel = Processes.kernelMemory(of: agent.node.parent) {
            Report.figure("kernel memory, a Pod", "\(kernel / pods) KiB")
        }
        let own = Double(Processes.proportionalSetSize(agent.pid)) / 1024
        Report.figure(
            "agent with \(pods) Pods, PSS", String(format: "%.1f MiB", own), .atMost(40, "MiB", own))

        let window: Double = 20
        let (time, switches) = (agent.processorTime, Processes.switches(supervisors))
        usleep(UInt32(window * 1e6))
        let share = (agent.processorTime - time) / (window * 1e6) * 100
        Report.figure(
            "agent and git worker, \(pods) Pods, 10 s poll", String(format: "%.2f %%", share),
            .atMost(0.3, "% of a core", share))
        let wakes = Processes.switches(supervisors) - switches
        Report.figure(
            "wakes of \(supervisors.count) resting supervisors, loggers", "\(wakes)", .atMost(0, "wakes", Double(wakes))
        )
    }

    private static func teardown(_ agent: AgentNode) throws {
        try agent.stop()
        try agent.start(interval: "50ms")
        usleep(1_000_000)
        let time = agent.processorTime
        let pushed = try agent.push("git rm -q 'pods/*' && mkdir -p pods && touch pods/.keep")
        // `get pods` costs as much as ten ends: it is asked once there is nothing to be seen.
        try agent.wait("the end of all records", upTo: 60, pause: 2000) { agent.records == 0 }
        let gone = try agent.wait("the end of all Pods", upTo: 60) { try agent.lines().isEmpty }
        Report.figure(
            "push -> \(pods) Pods gone from `get pods`", seconds(gone - pushed),
            .atMost(0.5, "s", (gone - pushed) / 1e6))
        Report.figure("  of it: processor time of the agent", seconds(agent.processorTime - time))
    }

    private static func seconds(_ microseconds: Double) -> String { String(format: "%.2f s", microseconds / 1e6) }
}
