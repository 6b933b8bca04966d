/// A power of root's that can be given and taken alone (capabilities(7)).
public struct Capability: Sendable, Hashable {
    /// The name without `CAP_`.
    public let name: String
    /// The kernel's number: bit `number` of a mask.
    public let number: Int

    /// The capability of a name, with or without `CAP_`; nil when there is none.
    public init?(_ name: String) {
        let plain = name.hasPrefix("CAP_") ? String(name.dropFirst(4)) : name
        guard let number = Self.names.firstIndex(of: plain) else { return nil }
        self.name = plain
        self.number = number
    }

    /// Every name, by number (linux/capability.h).
    public static let names = """
        CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE \
        NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT \
        SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP \
        MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE
        """.split(separator: " ").map(String.init)
}

extension Capability {
    /// The ones that a container's root has unless its manifest says otherwise: podman's eleven.
    public static let usual: [CapabilityChoice] = [
        "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE",
        "SYS_CHROOT", "SETFCAP",
    ].compactMap { CapabilityChoice($0) }
}

/// What a manifest adds or drops: one capability, or all.
public enum CapabilityChoice: Sendable, Hashable {
    /// Every one that there is.
    case all
    /// One.
    case one(Capability)

    /// Reads `ALL`, or a capability's name; nil for anything else.
    public init?(_ text: String) {
        if text == "ALL" {
            self = .all
        } else if let capability = Capability(text) {
            self = .one(capability)
        } else {
            return nil
        }
    }

    /// As it is written.
    public var text: String {
        switch self {
        case .all: "ALL"
        case .one(let capability): capability.name
        }
    }
}
