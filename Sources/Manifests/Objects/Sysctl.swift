/// A kernel parameter of a Pod's namespaces (core/v1 Sysctl).
public struct Sysctl: Sendable, Hashable {
    /// The name, its parts separated by dots or by slashes, as sysctl(8) takes it.
    public var name: String
    /// The value.
    public var value: String

    /// A parameter.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// The name with dots; slashes stand for dots in it (kubelet: `NormalizeName`).
    public var dottedName: String {
        guard let separator = name.first(where: { $0 == "." || $0 == "/" }), separator == "/" else { return name }
        return String(name.map { $0 == "/" ? "." : $0 == "." ? "/" : $0 })
    }

    /// Its file below /proc/sys.
    public var path: String { String(dottedName.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 }) }

    /// The namespace it belongs to; nil where it is the whole node's.
    public var namespace: SysctlNamespace? {
        let name = dottedName
        if ["kernel.shm", "kernel.msg", "fs.mqueue."].contains(where: name.hasPrefix) || name == "kernel.sem" {
            return .ipc
        }
        return name.hasPrefix("net.") ? .network : nil
    }

    /// Whether no Pod can harm another by it (Kubernetes' safe list, v1.36).
    public var isSafe: Bool { Self.safe.contains(dottedName) }

    private static let safe: Set<String> = [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
    ]
}

/// What a kernel parameter belongs to.
public enum SysctlNamespace: Sendable, Hashable {
    /// Shared memory, semaphores, message queues.
    case ipc
    /// The network.
    case network
}
