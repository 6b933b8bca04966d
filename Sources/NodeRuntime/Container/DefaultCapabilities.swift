/// The capabilities that a container's root has unless it asks for others: podman's eleven (checklist S1).
public enum DefaultCapabilities {
    /// Names and kernel numbers (linux/capability.h).
    public static let all: [(name: String, number: Int)] = [
        ("CHOWN", 0), ("DAC_OVERRIDE", 1), ("FOWNER", 3), ("FSETID", 4), ("KILL", 5), ("SETGID", 6), ("SETUID", 7),
        ("SETPCAP", 8), ("NET_BIND_SERVICE", 10), ("SYS_CHROOT", 18), ("SETFCAP", 31),
    ]

    /// The same as a mask: bit n is capability n.
    public static let mask: UInt64 = all.reduce(0) { $0 | 1 << UInt64($1.number) }
}
