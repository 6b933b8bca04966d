import Glibc

/// Whether this user may do what Pods need.
enum UserCheck {
    /// Needed for Pods at all, by their numbers in linux/capability.h.
    private static let needed: [(bit: UInt64, name: String)] = [
        (0, "CAP_CHOWN"), (1, "CAP_DAC_OVERRIDE"), (5, "CAP_KILL"), (6, "CAP_SETGID"), (7, "CAP_SETUID"),
        (8, "CAP_SETPCAP"), (12, "CAP_NET_ADMIN"), (18, "CAP_SYS_CHROOT"), (21, "CAP_SYS_ADMIN"),
    ]
    private static let resource: UInt64 = 24

    static func findings() -> [Finding] {
        guard geteuid() == 0 else {
            return [
                .problem(
                    "user", "this is not root: no Pod can be started or looked at",
                    remedy: "sudo reconcile-agent doctor")
            ]
        }
        let mask = MachineFile.field("CapEff", of: "/proc/self/status").flatMap { UInt64($0, radix: 16) } ?? 0
        return [capabilities(mask), limits(mask)]
    }

    static func capabilities(_ mask: UInt64) -> Finding {
        let missing = needed.filter { mask & (1 << $0.bit) == 0 }.map(\.name)
        if missing.isEmpty { return .ok("user", "root, with every capability that Pods need") }
        return .problem(
            "user", "root without \(missing.joined(separator: ", ")): Pods cannot be started",
            remedy: "run the agent outside of the container or unit that takes them away")
    }

    static func limits(_ mask: UInt64) -> Finding {
        if mask & (1 << resource) != 0 { return .ok("limits", "CAP_SYS_RESOURCE: limits can be raised for containers") }
        return .note(
            "limits", "no CAP_SYS_RESOURCE: hard limits (open files) and scores below the agent's own cannot be set",
            remedy: "give the agent CAP_SYS_RESOURCE if Pods need more open files than it may have")
    }
}
