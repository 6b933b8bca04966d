import CLinux
import Glibc

/// Switches and limits of the running kernel.
enum KernelSettingsCheck {
    static func findings(of identity: NodeIdentity?) -> [Finding] {
        [
            forwarding(
                MachineFile.number("/proc/sys/net/ipv4/ip_forward"), isTurnedOn: identity?.forwards ?? true),
            inotify(
                instances: MachineFile.number("/proc/sys/fs/inotify/max_user_instances"),
                watches: MachineFile.number("/proc/sys/fs/inotify/max_user_watches")),
            clock(clinux_clock_is_synchronised(), year: year()),
        ]
    }

    /// - Parameter isTurnedOn: whether the agent does it when it starts.
    static func forwarding(_ value: Int64?, isTurnedOn: Bool) -> Finding {
        if value == 1 { return .ok("forwarding", "net.ipv4.ip_forward is on") }
        if isTurnedOn {
            return .ok("forwarding", "net.ipv4.ip_forward is off: reconcile turns it on, unless --ip-forward is false")
        }
        return .note(
            "forwarding", "net.ipv4.ip_forward is off: Pods reach this node and each other, and nothing beyond",
            remedy: "sysctl -w net.ipv4.ip_forward=1, or reconcile --ip-forward true")
    }

    static func inotify(instances: Int64?, watches: Int64?) -> Finding {
        guard let instances, let watches, instances < 128 || watches < 8192 else {
            return .ok("inotify", "enough for logs -f and get --watch")
        }
        return .note(
            "inotify", "few watches are allowed (\(instances) instances, \(watches) watches): logs -f may be refused",
            remedy: "sysctl -w fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=65536")
    }

    static func clock(_ isSynchronised: Int32, year: Int) -> Finding {
        if year < 2024 {
            return .problem(
                "clock", "the clock says \(year): certificates fail, and ages are wrong",
                remedy: "set it, and run a time service (systemd-timesyncd, chrony)")
        }
        if isSynchronised == 1 { return .ok("clock", "synchronised") }
        return .note(
            "clock", "not synchronised, as far as the kernel knows: ages and histories may mislead",
            remedy: "run a time service (systemd-timesyncd, chrony); in a virtual machine the host may do it")
    }

    private static func year() -> Int {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        return Int(parts.tm_year) + 1900
    }
}
