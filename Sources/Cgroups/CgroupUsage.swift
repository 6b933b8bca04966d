import Glibc
import Linux

/// What a cgroup and all below it have used, at one reading; nil where nobody counts it.
public struct CgroupUsage: Sendable, Hashable {
    /// Processor time since the cgroup was made, in nanoseconds.
    public var cpuNanoseconds: UInt64?
    /// Memory that the kernel cannot simply take back, in bytes.
    public var workingSet: UInt64?
    /// Processes and threads.
    public var processes: UInt64?

    /// Puts a reading together.
    public init(cpuNanoseconds: UInt64? = nil, workingSet: UInt64? = nil, processes: UInt64? = nil) {
        self.cpuNanoseconds = cpuNanoseconds
        self.workingSet = workingSet
        self.processes = processes
    }

    /// Memory in use without the part of files' that was not touched for long (kubelet: working set).
    ///
    /// Both are read one after the other, so the second may have outgrown the first: never below zero.
    public static func workingSet(usage: UInt64, inactiveFile: UInt64) -> UInt64 {
        usage - min(usage, inactiveFile)
    }
}

extension CgroupTree {
    /// What a Pod has used, all its containers together and what holds its namespaces; nil when it has no cgroup.
    public func usage(pod: String) throws(CgroupError) -> CgroupUsage? { try usage(of: try names(ofPod: pod)) }

    /// What one attempt of a container has used; nil when it has no cgroup.
    public func usage(pod: String, container: String) throws(CgroupError) -> CgroupUsage? {
        try usage(of: try names(ofPod: pod) + [try CgroupName(container).description])
    }

    /// Processor time is read in the unified tree on either backend: the kernel counts it there without any controller.
    private func usage(of names: [String]) throws(CgroupError) -> CgroupUsage? {
        guard let unified = try open(names, in: unified) else { return nil }
        var usage = CgroupUsage()
        if let text = try unified.readIfThere("cpu.stat"), let spent = value(of: "usage_usec", in: text) {
            usage.cpuNanoseconds = spent &* 1000
        }
        if let memory = try open(names, of: .memory) { usage.workingSet = try workingSet(of: memory) }
        if let pids = try open(names, of: .pids) {
            usage.processes = try pids.readIfThere("pids.current").flatMap(number)
        }
        return usage
    }

    private func workingSet(of memory: borrowing CgroupDirectory) throws(CgroupError) -> UInt64? {
        let isUnified = backend == .unified
        guard let used = try memory.readIfThere(isUnified ? "memory.current" : "memory.usage_in_bytes").flatMap(number),
            let text = try memory.readIfThere("memory.stat")
        else { return nil }
        let idle = value(of: isUnified ? "inactive_file" : "total_inactive_file", in: text) ?? 0
        return CgroupUsage.workingSet(usage: used, inactiveFile: idle)
    }
}

extension CgroupDirectory {
    /// The text of a control file that not every kernel has, of a cgroup that may be gone by now; nil when so.
    fileprivate borrowing func readIfThere(_ file: String) throws(CgroupError) -> String? {
        do { return try read(file) } catch {
            if case .kernel(_, _, let reason) = error, [ENOENT, ENODEV].contains(reason.code) { return nil }
            throw error
        }
    }
}

/// The number a file begins with.
private func number(_ text: String) -> UInt64? { UInt64(text.prefix { $0.isNumber }) }
