import Foundation
import Glibc
import NodeFixture
import NodeRuntime
import Seccomp

/// A hundred Pods that are tried once a second by the real agent: by exec, beside a bare C program, and by HTTP.
struct ProbeBench {
    static let pods = 100
    static let window = 20
    private static let expected = Double(pods * window)

    private let agent: AgentNode
    private let floor: String
    private let filter: String

    /// - Parameter floorProgram: `probe-floor.c`, compiled.
    static func run(floorProgram: String) throws {
        let agent = try AgentNode()
        defer { do { try agent.end() } catch { print("cleaning up failed: \(error)") } }
        let filter = "\(agent.node.base)/filter"
        let program = try SeccompFilters().filter(of: .runtimeDefault, capabilities: DefaultCapabilities.mask).program
        try Data(program).write(to: URL(filePath: filter))
        let bench = ProbeBench(agent: agent, floor: floorProgram, filter: filter)
        try bench.exec()
        try bench.http()
    }

    // MARK: exec

    private func exec() throws {
        try standUp(command: "[sleep, '1000']", probe: "exec: {command: ['true']}")
        let containers = agent.containers
        let given = try numbersGiven(to: containers)
        let before = Spent(agent)
        sleep(UInt32(Self.window))
        let spent = Spent(agent) - before
        // Looking takes one number of each container.
        let tries = Double(try numbersGiven(to: containers) - given - containers.count)
        try agent.stop()

        let bare = try floorTime(containers) / Self.expected
        let each = spent.whole / tries
        Report.figure("processor time of an exec probe", milliseconds(each))
        Report.figure("  of it: the agent", milliseconds(spent.agent / tries))
        Report.figure("  of it: supervisors and loggers", milliseconds(spent.supervisors / tries))
        Report.figure("  of it: the processes themselves", milliseconds(spent.containers / tries))
        Report.figure(
            "a bare C program: setns, seccomp, exec of true", milliseconds(bare),
            .atMost(1.5, "times the C program", each / bare, "exec probe"))
        Report.figure(
            "exec probes in \(Self.window) s of \(Self.pods) Pods", String(format: "%.0f", tries),
            .atLeast(Self.expected * 0.95, "probes", tries))
    }

    /// The sum of the process numbers that were given in the containers so far, by which their processes are counted.
    private func numbersGiven(to containers: [Int32]) throws -> Int {
        let text = try agent.node.shell("\(floor) \(filter) 0 \(words(containers))")
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    /// Processor time of the bare program that does as much in as many containers, at the same pace.
    private func floorTime(_ containers: [Int32]) throws -> Double {
        let group = "\(agent.node.parent)-floor"
        let path = "\(Processes.unified)/\(group)"
        try agent.node.shell(
            """
            mkdir \(path)
            sh -euc 'echo $$ > \(path)/cgroup.procs; exec "$@"' sh \(floor) \(filter) \(Self.window) \(words(containers))
            """)
        defer { rmdir(path) }
        return Processes.processorTime(of: group)
    }

    // MARK: HTTP

    private func http() throws {
        try standUp(
            command: "[busybox, httpd, -f, -p, '80', -h, /etc]", probe: "httpGet: {path: /passwd, port: 80}")
        let containers = agent.containers
        let before = (agent.processorTime, Processes.acceptedConnections(containers))
        sleep(UInt32(Self.window))
        let share = (agent.processorTime - before.0) / (Double(Self.window) * 1e6) * 100
        let tries = Double(Processes.acceptedConnections(containers) - before.1)
        Report.figure(
            "agent with \(Self.pods) HTTP probes a second", String(format: "%.2f %%", share),
            .atMost(3, "% of a core", share))
        Report.figure(
            "HTTP probes in \(Self.window) s of \(Self.pods) Pods", String(format: "%.0f", tries),
            .atLeast(Self.expected * 0.95, "probes", tries))
    }

    // MARK: Pods

    /// Replaces all Pods, and lets an agent that found them running look after them.
    private func standUp(command: String, probe: String) throws {
        try agent.start(interval: "50ms")
        try agent.push("git rm -qf --ignore-unmatch 'pods/*' && mkdir -p pods && touch pods/.keep")
        try agent.wait("the end of all Pods", upTo: 120) { agent.records == 0 }
        try agent.push(
            """
            for n in $(seq \(Self.pods)); do cat > pods/p$n.yaml <<POD
            apiVersion: v1
            kind: Pod
            metadata: {name: p$n}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: busybox:test
                imagePullPolicy: Never
                command: \(command)
                livenessProbe: {\(probe), periodSeconds: 1}
            POD
            done
            """)
        try agent.wait("all Pods' processes", upTo: 120) { agent.running == Self.pods }
        try agent.stop()
        try agent.start(interval: "10s")
        sleep(4)
    }

    private func words(_ numbers: [Int32]) -> String { numbers.map(String.init).joined(separator: " ") }
    private func milliseconds(_ microseconds: Double) -> String { String(format: "%.3f ms", microseconds / 1000) }
}

/// Processor time in microseconds, by who used it.
private struct Spent {
    let agent: Double
    let supervisors: Double
    let containers: Double
    var whole: Double { agent + supervisors + containers }

    /// What was used so far.
    init(_ node: AgentNode) {
        let supervisors = Processes.processorTime(of: "\(node.node.parent)/supervisors")
        self.init(
            agent: node.processorTime, supervisors: supervisors,
            containers: Processes.processorTime(of: node.node.parent) - supervisors)
    }

    private init(agent: Double, supervisors: Double, containers: Double) {
        self.agent = agent
        self.supervisors = supervisors
        self.containers = containers
    }

    static func - (later: Spent, earlier: Spent) -> Spent {
        Spent(
            agent: later.agent - earlier.agent, supervisors: later.supervisors - earlier.supervisors,
            containers: later.containers - earlier.containers)
    }
}
