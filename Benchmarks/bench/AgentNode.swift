import Foundation
import Glibc
import Linux
import NodeFixture
import PodFixture

/// The real agent on a node of the bench's own, following a bare repository on this machine.
final class AgentNode {
    let node: TestNode
    private var agent: ChildProcess?

    /// The cgroup the agent is put in, for its processor time.
    private var agentGroup: String { "\(node.parent)-agent" }
    private var program: String { PodFixture.product("reconcile-agent") }
    private var places: String { "--state-dir \(node.state) --run-dir \(node.run) --log-dir \(node.logs)" }

    /// A node with one image and an empty repository.
    init() throws {
        node = try TestNode()
        let archive = try node.busyboxArchive()
        try node.shell(
            """
            \(program) image import \(archive) \(places)
            git init -q --bare -b main repository.git
            git init -q -b main work && cd work
            git config user.name bench && git config user.email bench@localhost
            mkdir pods && echo 'What the bench runs.' > README && git add . && git commit -qm 'Begin'
            git push -q ../repository.git main
            mkdir -p \(Processes.unified)/\(agentGroup)
            """)
    }

    /// Starts the agent.
    func start(interval: String) throws {
        agent = try spawn(
            executable: "/bin/sh",
            arguments: [
                "-euc",
                """
                echo $$ > \(Processes.unified)/\(agentGroup)/cgroup.procs
                exec nsenter --net=/run/netns/\(node.namespace) \(program) reconcile \
                    --repo file://\(node.base)/repository.git --path pods --interval \(interval) \(places) \
                    --cgroup-parent \(node.parent) --bridge rec0 --pod-cidr 10.88.0.0/16 --node-name bench \
                    >> \(node.base)/agent.log 2>&1
                """,
            ])
        try wait("the agent's greeting", upTo: 20) { try self.lines().count >= 0 }
    }

    /// Ends the agent; its Pods go on.
    func stop() throws {
        guard let child = agent.take() else { return }
        Glibc.kill(child.pid, SIGTERM)
        try child.reap()
    }

    /// The agent's process.
    var pid: Int32 { agent?.pid ?? 0 }

    /// Processor time of the agent and the workers it started, in microseconds.
    var processorTime: Double { Processes.processorTime(of: agentGroup) }

    /// The supervisors and loggers of all Pods.
    var supervisors: [Int32] { Processes.below("\(node.parent)/supervisors") }

    /// How many Pods' containers run.
    var running: Int { containers.count }

    /// The first processes of all Pods' containers.
    var containers: [Int32] {
        Self.podGroups(below: "\(Processes.unified)/\(node.parent)").compactMap { pod in
            ((try? String(contentsOfFile: "\(pod)/main-0/cgroup.procs", encoding: .utf8)) ?? "")
                .split(separator: "\n").first.flatMap { Int32($0) }
        }
    }

    /// The Pods' cgroups, at whatever depth. The kernel's own files all have a dot in their names.
    private static func podGroups(below group: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: group)) ?? []
        return names.filter { !$0.contains(".") && $0 != "supervisors" }.flatMap { name in
            name.hasPrefix("pod") ? ["\(group)/\(name)"] : podGroups(below: "\(group)/\(name)")
        }
    }

    /// How many Pods have a record: those that `get pods` shows.
    var records: Int { recordFiles.count }

    /// The records of all Pods, as text.
    var recordFiles: [String] {
        let root = "\(node.state)/pods"
        return ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap {
            (try? String(contentsOfFile: "\(node.run)/records/\($0)", encoding: .utf8))
                ?? (try? String(contentsOfFile: "\(root)/\($0)/record", encoding: .utf8))
        }
    }

    /// The processes that hold the Pods' namespaces.
    var pauses: [Int32] {
        Processes.below(node.parent).filter {
            (try? String(contentsOfFile: "/proc/\($0)/comm", encoding: .utf8)) == "pause\n"
        }
    }

    /// Changes the manifests by a script and pushes them; the result is the instant the push was done.
    @discardableResult
    func push(_ script: String) throws -> Double {
        try node.shell(
            "cd work\n\(script)\ngit add -A && git commit -qm 'Change' && git push -q ../repository.git main")
        return microseconds()
    }

    /// The Pods as `get pods` shows them, a line each.
    func lines() throws -> [Substring] {
        try node.shell("\(program) get pods -A \(places) 2>/dev/null || true").split(separator: "\n").dropFirst()
            .map { $0 }
    }

    /// Waits until a condition holds; the result is the instant it was seen to.
    @discardableResult
    func wait(_ what: String, upTo seconds: Double, pause: UInt32 = 20_000, _ holds: () throws -> Bool) throws -> Double
    {
        let limit = microseconds() + seconds * 1e6
        while microseconds() < limit {
            if try holds() { return microseconds() }
            usleep(pause)
        }
        let log = (try? node.shell("tail -n 5 agent.log")) ?? ""
        throw TestNode.Problem(description: "\(what) did not come within \(seconds) s; the agent's last words: \(log)")
    }

    func end() throws {
        try stop()
        try node.shell(
            """
            nsenter --net=/run/netns/\(node.namespace) \(program) down --timeout 2s \(places) >/dev/null 2>&1 || true
            rmdir \(Processes.unified)/\(agentGroup)
            """)
        node.clean()
    }
}
