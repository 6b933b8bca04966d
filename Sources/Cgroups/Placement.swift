import Glibc
import Linux

/// Where a process is put: one cgroup in each hierarchy used, as descriptors that can be handed to another process.
public struct Placement: ~Copyable, Sendable {
    /// The cgroup's directory in the unified tree: for `clone3` with `CLONE_INTO_CGROUP`, which needs no other step.
    public let unified: Descriptor
    /// `tasks` of the v1 memory hierarchy, open for writing; nil where memory is controlled by the unified tree.
    public let memory: Descriptor?
    /// `tasks` of the v1 pids hierarchy, open for writing; nil where pids is controlled by the unified tree.
    public let pids: Descriptor?

    /// `tasks` of the v1 cpu hierarchy, open for writing; nil where cpu is controlled by the unified tree.
    public let cpu: Descriptor?
    /// The controllers that the cgroup's limits need and this machine lacks.
    public internal(set) var missing: Set<Controller> = []

    /// The v1 files into which a newborn process, of one thread still, writes "0", by their numbers. Entering by oneself
    /// and by `tasks` is at once; a move by `cgroup.procs` waits milliseconds for the kernel's readers when the last one
    /// was some time ago.
    public borrowing func legacyFiles() -> [(controller: Controller, descriptor: Int32)] {
        var files: [(controller: Controller, descriptor: Int32)] = []
        // Borrowed one by one: an array cannot hold a Descriptor.
        switch memory {
        case .some(let file): files.append((.memory, file.raw))
        case .none: break
        }
        switch pids {
        case .some(let file): files.append((.pids, file.raw))
        case .none: break
        }
        switch cpu {
        case .some(let file): files.append((.cpu, file.raw))
        case .none: break
        }
        return files
    }

    /// Moves a process of one thread that exists already.
    public borrowing func admit(_ process: pid_t) throws(CgroupError) {
        let file: Descriptor
        do {
            file = try Descriptor.open("cgroup.procs", O_WRONLY, at: unified.raw)
        } catch { throw .kernel(doing: "open cgroup.procs of", path: "unified", error) }
        var files = legacyFiles().map { (name: $0.controller.rawValue, raw: $0.descriptor) }
        files.append((name: "unified", raw: file.raw))
        for (name, raw) in files {
            let text = Array("\(process)".utf8)
            do { try retrying("write", "cgroup.procs") { write(raw, text, text.count) } } catch {
                throw .kernel(doing: "move process \(process) to the \(name)", path: "of its container", error)
            }
        }
    }
}
