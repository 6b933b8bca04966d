import SupervisorCore

/// What every container finds in its root beside the image: /proc, /dev, /sys and what is hidden of them.
public enum ContainerMounts {
    // linux/mount.h
    static let readOnly: UInt64 = 0x1
    private static let noSetuid: UInt64 = 0x2
    private static let noDevices: UInt64 = 0x4
    private static let noExec: UInt64 = 0x8

    /// Paths of the kernel's that tell or do too much (checklist S5).
    static let masked =
        [
            "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
            "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
            "/sys/devices/virtual/powercap",
        ] + heat

    /// How hot each processor runs tells what others compute.
    private static let heat = ((try? names(in: "/sys/devices/system/cpu")) ?? []).sorted()
        .map { "/sys/devices/system/cpu/\($0)/thermal_throttle" }.filter(isDirectory)

    /// Paths that may be read, not written (checklist S5).
    static let readOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]

    /// The devices of every container (checklist S9): name, major, minor.
    static let devices: [(name: String, major: UInt32, minor: UInt32)] = [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ]

    /// The group `tty`, whose terminals are (devpts).
    private static let terminalGroup: UInt32 = 5

    /// The steps in their order, with the Pod's shared memory at `sharedMemory` (checklist S10).
    ///
    /// - Parameters:
    ///   - isUnmasked: whether nothing of the kernel's files is hidden (`procMount: Unmasked`).
    ///   - root: the node's number of the Pod's root; nil when that is the node's.
    public static func standard(sharedMemory: String, isUnmasked: Bool = false, root: UInt32? = nil) -> [MountStep] {
        var steps = fileSystems(sharedMemory: sharedMemory, kernelFiles: readOnly, root: root)
        if isUnmasked { return steps + cgroups(readOnly) }
        steps += masked.map { MountStep(kind: MountStep.mask, target: Array($0.utf8)) }
        steps += readOnlyPaths.map { MountStep(kind: MountStep.readOnly, target: Array($0.utf8)) }
        return steps + cgroups(readOnly)
    }

    /// The steps of a container with all rights of the node's root: nothing is hidden, /sys can be written, and the
    /// node's devices are there.
    static func privileged(sharedMemory: String, devices: [NodeDevice], root: UInt32? = nil) -> [MountStep] {
        fileSystems(sharedMemory: sharedMemory, kernelFiles: 0, root: root)
            + devices.filter { !deviceNames.contains($0.path) }.map { device in
                var step = MountStep(
                    kind: device.isBlock ? MountStep.blockDevice : MountStep.device,
                    target: Array("/dev/\(device.path)".utf8))
                (step.major, step.minor, step.mode) = (device.major, device.minor, device.mode)
                (step.owner, step.group) = (device.owner, device.group)
                return step
            } + cgroups(0)
    }

    private static let deviceNames = Set(devices.map(\.name))

    private static func cgroups(_ access: UInt64) -> [MountStep] {
        [
            MountStep(kind: MountStep.cgroupNamespace, target: []),
            filesystem("cgroup2", "/sys/fs/cgroup", attributes: access | noSetuid | noExec | noDevices),
        ]
    }

    private static func fileSystems(sharedMemory: String, kernelFiles access: UInt64, root: UInt32?) -> [MountStep] {
        let owner = root.map { ["uid=\($0)", "gid=\($0)"] } ?? []
        var steps: [MountStep] = [
            filesystem("proc", "/proc", attributes: noSetuid | noExec | noDevices),
            filesystem("tmpfs", "/dev", options: ["mode=755", "size=65536k"] + owner, attributes: noSetuid),
        ]
        for device in devices {
            var step = MountStep(kind: MountStep.device, target: Array("/dev/\(device.name)".utf8))
            (step.major, step.minor, step.mode) = (device.major, device.minor, 0o666)
            steps.append(step)
        }
        steps += [
            link("/dev/ptmx", "pts/ptmx"), link("/dev/fd", "/proc/self/fd"), link("/dev/stdin", "/proc/self/fd/0"),
            link("/dev/stdout", "/proc/self/fd/1"), link("/dev/stderr", "/proc/self/fd/2"),
            filesystem(
                "devpts", "/dev/pts",
                options: ["newinstance", "ptmxmode=0666", "mode=0620", "gid=\((root ?? 0) + terminalGroup)"],
                attributes: noSetuid | noExec),
            filesystem("mqueue", "/dev/mqueue", attributes: noSetuid | noExec | noDevices),
            MountStep(
                kind: MountStep.bind, target: Array("/dev/shm".utf8), source: Array(sharedMemory.utf8),
                attributes: noSetuid | noExec | noDevices),
            filesystem("sysfs", "/sys", attributes: access | noSetuid | noExec | noDevices),
        ]
        return steps
    }

    private static func filesystem(
        _ type: String, _ target: String, options: [String] = [], attributes: UInt64
    ) -> MountStep {
        MountStep(
            kind: MountStep.filesystem, target: Array(target.utf8), source: Array(type.utf8),
            options: options.map { Array($0.utf8) }, attributes: attributes)
    }

    private static func link(_ target: String, _ text: String) -> MountStep {
        MountStep(kind: MountStep.link, target: Array(target.utf8), source: Array(text.utf8))
    }
}
