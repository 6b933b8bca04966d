import Foundation
import Linux
import NodeRuntime

/// Everything that is looked at, in the order in which it is told.
enum Examination {
    static func findings(_ paths: NodePaths, cgroupParent: String) async -> [Finding] {
        let identity = try? NodeIdentity.load(below: paths.stateDirectory)
        let user = UserCheck.findings()
        let tried = user.contains { $0.verdict == .problem } ? [] : await throwaway(paths.stateDirectory)
        return user + KernelCheck.findings() + CgroupCheck.findings(parent: cgroupParent, instance: "doctor") + tried
            + KernelSettingsCheck.findings(of: identity)
            + ForwardCheck.findings(bridge: identity?.bridge ?? "reconcile0")
            + [DiskCheck.finding("state", paths.stateDirectory), DiskCheck.finding("logs", paths.logDirectory)]
            + PressureCheck.findings(paths) + (await AgentCheck.findings(paths))
    }

    /// What stands in the way of any Pod: told beside an error of the kernel's.
    static func problems(_ paths: NodePaths, cgroupParent: String) async -> [Finding] {
        await findings(paths, cgroupParent: cgroupParent).filter { $0.verdict == .problem }
    }

    /// Namespaces, mounts and links are tried in a process of their own, which takes them along when it ends.
    private static func throwaway(_ stateDirectory: String) async -> [Finding] {
        do {
            let worker = WorkerCommand(executable: "/proc/self/exe", arguments: ["worker", "doctor", stateDirectory])
            let said = try await worker.run(timeout: .seconds(20))
            return try JSONDecoder().decode([Finding].self, from: Data(said.standardOutput))
        } catch {
            return [
                .problem(
                    "namespaces", "they could not be tried: \(error)",
                    remedy: "see whether this program may start children of its own")
            ]
        }
    }
}
