import Cgroups
import Linux

/// A supervisor that cannot be asked any more: found by what it was started with, killed by pidfd.
struct SupervisorProcess {
    let directory: String

    /// Kills the supervisor of `directory` and its logger, wherever they hang. Blocks for a moment.
    func kill(among cgroups: CgroupTree) throws {
        for pid in try cgroups.supervisorProcesses() {
            // The descriptor first: from then on the number cannot come to mean another process.
            guard let process = try? ProcessDescriptor(pid), isOurs(pid) else { continue }
            try process.kill()
        }
    }

    /// `pod-supervisor DIRECTORY …`; the logger is a fork of it.
    private func isOurs(_ pid: Int32) -> Bool {
        guard let line = try? Descriptor.open("/proc/\(pid)/cmdline").readToEnd(limit: 64 << 10) else { return false }
        let words = line.split(separator: 0, omittingEmptySubsequences: false)
        return words.count > 1 && words[1].elementsEqual(directory.utf8)
    }
}
