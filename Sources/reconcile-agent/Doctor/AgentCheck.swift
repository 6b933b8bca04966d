import Glibc
import Linux
import NodeRuntime

/// The agent that runs, and whether the service manager would end Pods with it.
enum AgentCheck {
    static func findings(_ paths: NodePaths) async -> [Finding] {
        [programs()] + (await agent(paths))
    }

    private static func programs() -> Finding {
        do {
            _ = try installedExecutables()
            return .ok("programs", "pod-supervisor and pause are beside this program")
        } catch {
            return .problem("programs", "\((error as? CommandFailure)?.message ?? "\(error)")", remedy: "install both")
        }
    }

    private static func agent(_ paths: NodePaths) async -> [Finding] {
        let holder: Int32?
        do { holder = try NodeClaim.holder(of: paths) } catch { return [] }
        guard let holder else {
            return paths.holdPods
                ? [.note("agent", "none is running: Pods are unsupervised", remedy: "start reconcile-agent reconcile")]
                : []
        }
        let running = Finding.ok("agent", "running, process \(holder)")
        guard let unit = unit(ofGroups: MachineFile.text("/proc/\(holder)/cgroup") ?? "") else { return [running] }
        guard let said = await settings(of: unit) else { return [running] }
        return [running, service(unit, said)]
    }

    /// The systemd service that a process belongs to, by its control groups: `reconcile-agent.service`.
    static func unit(ofGroups text: String) -> String? {
        text.split(separator: "\n").flatMap { $0.split(separator: "/") }.map(String.init)
            .first { $0.hasSuffix(".service") && !$0.hasPrefix("user@") }
    }

    /// - Parameter settings: what `systemctl show` prints.
    static func service(_ unit: String, _ settings: String) -> Finding {
        let values = Dictionary(
            settings.split(separator: "\n").compactMap { line -> (String, String)? in
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
            }, uniquingKeysWith: { $1 })
        let mode = values["KillMode"] ?? "control-group"
        if mode != "process", mode != "none" {
            return .problem(
                "service", "\(unit) has KillMode=\(mode): a restart of the agent would end every Pod",
                remedy: "KillMode=process in the unit, then systemctl daemon-reload")
        }
        return .ok("service", "\(unit) leaves Pods alone when it restarts")
    }

    private static var systemctl: String? {
        let places: [String] = ["/usr/bin/systemctl", "/bin/systemctl"]
        return places.first { access($0, X_OK) == 0 }
    }

    private static func settings(of unit: String) async -> String? {
        guard access("/run/systemd/system", F_OK) == 0,
            let program = Self.systemctl,
            let said = try? await WorkerCommand(executable: program).run(
                ["show", "--property=KillMode", unit], timeout: .seconds(5)),
            case .exited(0) = said.status
        else { return nil }
        return String(decoding: said.standardOutput, as: UTF8.self)
    }
}
