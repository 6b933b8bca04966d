import Glibc
import Linux

/// How many processes and threads a Pod may have when nothing else is said: without a limit one Pod's fork bomb takes
/// every other Pod's share (kubelet: podPidsLimit).
public let defaultPodPidsLimit = 4096

extension CgroupTree {
    /// Changes what a Pod, as a whole, gets.
    ///
    /// - Returns: the controllers that the limits need and this machine lacks.
    @discardableResult
    public func apply(_ limits: ResourceLimits, pod: String) throws(CgroupError) -> Set<Controller> {
        try apply(limits, to: try names(ofPod: pod), isContainer: false)
    }

    /// Changes what a running container gets, and with it the Pod as a whole.
    ///
    /// - Returns: the controllers that the limits need and this machine lacks.
    /// - Throws: `CgroupError.limitBelowUse` when it uses more memory than it is to get: nothing is changed then.
    @discardableResult
    public func resize(
        pod: String, container: String, to limits: ResourceLimits, ofPod podLimits: ResourceLimits
    ) throws(CgroupError) -> Set<Controller> {
        if let memory = limits.memory {
            let used = try memoryInUse(pod: pod, container: container)
            // cgroup v2 would kill it, v1 refuse after long tries.
            if memory < used { throw .limitBelowUse(container: container, limit: memory, used: used) }
        }
        let (podNames, name) = (try names(ofPod: pod), try CgroupName(container).description)
        // A v1 hierarchy takes no child's quota above its parent's, nor a parent's below a child's.
        if let directory = try open(podNames, of: .cpu) {
            _ = try setQuota(nil, of: directory, isContainer: false)
        }
        if let directory = try open(podNames, of: .memory) { _ = try setMemory(nil, of: directory) }
        let missing: Set<Controller>
        do { missing = try apply(limits, to: podNames + [name], isContainer: true) } catch {
            try apply(podLimits, pod: pod)
            throw error
        }
        return missing.union(try apply(podLimits, pod: pod))
    }

    /// Memory that a container uses and the kernel cannot simply take back, in bytes; 0 where nobody counts it.
    public func memoryInUse(pod: String, container: String) throws(CgroupError) -> UInt64 {
        let names = try names(ofPod: pod) + [try CgroupName(container).description]
        guard let directory = try open(names, of: .memory) else { return 0 }
        let isUnified = backend == .unified
        let used = try directory.read(isUnified ? "memory.current" : "memory.usage_in_bytes")
        let idle = value(of: isUnified ? "inactive_file" : "total_inactive_file", in: try directory.read("memory.stat"))
        let number = UInt64(used.prefix { $0.isNumber }) ?? 0
        return number - min(number, idle ?? 0)
    }

    /// Sets limits where they are new, as part of making a cgroup.
    func apply(
        _ limits: ResourceLimits, to names: [String], isContainer: Bool
    ) throws(CgroupError) -> Set<Controller> {
        var missing: Set<Controller> = []
        for controller in Controller.allCases {
            guard let directory = try open(names, of: controller),
                try set(controller, limits, of: directory, isContainer: isContainer)
            else {
                if limits.needs(controller) { missing.insert(controller) }
                continue
            }
        }
        return missing
    }

    /// False: the kernel, or the hierarchy above, lacks the controller.
    private func set(
        _ controller: Controller, _ limits: ResourceLimits, of directory: borrowing CgroupDirectory, isContainer: Bool
    ) throws(CgroupError) -> Bool {
        switch controller {
        case .cpu:
            let shares = limits.cpuShares
            let (file, value) = backend == .unified ? ("cpu.weight", shares.weight) : ("cpu.shares", shares.value)
            guard try directory.writeIfThere(file, "\(value)") else { return false }
            return try setQuota(limits.cpuQuota, of: directory, isContainer: isContainer)
        case .memory:
            if backend == .unified, isContainer {
                // Rather the whole container than a part of it that the rest waits for (kubelet).
                _ = try directory.writeIfThere("memory.oom.group", "1")
            }
            return try setMemory(limits.memory, of: directory)
        case .pids:
            return try directory.writeIfThere("pids.max", limits.processes.map { "\($0)" } ?? "max")
        }
    }

    private func setQuota(
        _ quota: CPUQuota?, of directory: borrowing CgroupDirectory, isContainer: Bool
    ) throws(CgroupError) -> Bool {
        let period = CPUQuota.periodMicroseconds
        if backend == .unified {
            return try directory.writeIfThere("cpu.max", "\(quota.map { "\($0.microseconds)" } ?? "max") \(period)")
        }
        // A kernel without bandwidth control lacks these files.
        guard try directory.writeIfThere("cpu.cfs_period_us", "\(period)") else { return quota == nil }
        do { return try directory.writeIfThere("cpu.cfs_quota_us", quota.map { "\($0.microseconds)" } ?? "-1") } catch {
            guard !isContainer, case .kernel(_, _, let reason) = error, reason.code == EINVAL else { throw error }
            // A container still has more than the Pod is to get; it is bound by its own quota until it gets less.
            return try directory.writeIfThere("cpu.cfs_quota_us", "-1")
        }
    }

    /// Swap is not lent: what exceeds the limit is killed, not paged out. In v1 hierarchies a limit is what that hangs on
    /// (kubelet: NoSwap).
    private func setMemory(_ bytes: UInt64?, of directory: borrowing CgroupDirectory) throws(CgroupError) -> Bool {
        if backend == .unified {
            var isThere = false
            for setting in MemorySetting.all(bytes) {
                isThere = try directory.writeIfThere(setting.file, setting.value)
            }
            return isThere
        }
        let text = bytes.map { "\($0)" } ?? "-1"
        let (limit, withSwap) = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")
        // The kernel holds the limit with swap at or above the other one: growing, it goes first; shrinking, last.
        do { guard try directory.writeIfThere(limit, text) else { return false } } catch {
            guard case .kernel(_, _, let reason) = error, reason.code == EINVAL else { throw error }
            _ = try directory.writeIfThere(withSwap, text)
            _ = try directory.writeIfThere(limit, text)
        }
        _ = try directory.writeIfThere(withSwap, text)
        return true
    }
}
