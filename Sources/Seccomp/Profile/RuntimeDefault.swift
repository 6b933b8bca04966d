extension SeccompProfile {
    // errno, the same on all machines of ours
    private static let notPermitted: UInt16 = 1
    private static let noSuchCall: UInt16 = 38

    /// What `type: RuntimeDefault` means here, and what a container gets that says nothing: what programs need, and what
    /// the capabilities that the container has are about (containerd's shape). Everything else fails with EPERM; calls
    /// that are newer than this release, with ENOSYS, so that C libraries fall back to older ones.
    public static let runtimeDefault = SeccompProfile(
        defaultAction: .fail(notPermitted),
        architectures: SeccompArchitecture.native == .aarch64 ? [.aarch64, .arm] : [.x86_64, .x86],
        rules: [SeccompRule(SystemCalls.ordinary, .allow)] + restricted + privileged)

    /// Calls of which only some uses are harmless.
    private static let restricted: [SeccompRule] =
        families.map { SeccompRule(["socket"], .allow, arguments: [$0]) }
        // Linux's own execution domain, with and without a 32-bit uname and fixed addresses, and the question for it.
        + [0x0, 0x8, 0x20000, 0x20008, 0xffff_ffff].map {
            SeccompRule(["personality"], .allow, arguments: [SeccompArgument(0, .equal, $0)])
        }
        // Processes and threads, not namespaces: CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}. The flags of clone3 lie in
        // memory, where no filter sees them: C libraries take clone when there is no clone3.
        + [
            SeccompRule(
                ["clone"], .allow, arguments: [SeccompArgument(0, .maskedEqual, 0x7e02_0000)],
                when: SeccompCondition(noneOf: [systemAdministration])),
            SeccompRule(["clone3"], .fail(noSuchCall), when: SeccompCondition(noneOf: [systemAdministration])),
        ]

    /// Sockets of every family but AF_ALG (38), the kernel's cryptography, and AF_VSOCK (40), the hypervisor's.
    ///
    /// The kernel takes the low 32 bits of the argument for the family, a filter sees 64: only under a mask do both see the
    /// same, and only equality can be asked under one. So what is allowed is said by blocks that begin at a multiple of
    /// their size.
    private static let families: [SeccompArgument] =
        familyBlocks.map { SeccompArgument(0, .maskedEqual, 0xffff_ffff & ~($0.size - 1), masked: $0.first) }
        // From 64 on the kernel has none, and says so itself.
        + (6..<UInt64(32)).map { SeccompArgument(0, .maskedEqual, 1 << $0, masked: 1 << $0) }

    private static let familyBlocks: [(first: UInt64, size: UInt64)] = [
        (0, 32), (32, 4), (36, 2), (39, 1), (41, 1), (42, 2), (44, 4), (48, 16),
    ]

    /// CAP_SYS_ADMIN.
    private static let systemAdministration = 21

    /// Calls that go with a capability, by its number.
    private static let privileged: [SeccompRule] = [
        (2, "open_by_handle_at"),
        (16, "delete_module finit_module init_module"),
        (17, "ioperm iopl"),
        (18, "chroot"),
        (19, "kcmp pidfd_getfd process_madvise"),
        (20, "acct"),
        (
            systemAdministration,
            """
            bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr move_mount \
            open_tree open_tree_attr perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog umount \
            umount2 unshare
            """
        ),
        (22, "reboot"),
        (23, "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"),
        (25, "clock_settime clock_settime64 settimeofday stime"),
        (26, "vhangup"),
        (34, "syslog"),
        (38, "perf_event_open"),
        (39, "bpf"),
    ].map { number, names in
        SeccompRule(
            names.split(separator: " ").map(String.init), .allow, when: SeccompCondition(anyOf: [number]))
    }
}
