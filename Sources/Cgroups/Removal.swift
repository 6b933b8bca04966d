import Glibc
import Linux

extension CgroupDirectory {
    /// Removes a child with everything below it, children first. Waits where processes that were killed have not gone yet:
    /// the kernel lets go of a cgroup a little after `wait`. Blocks the calling thread meanwhile.
    ///
    /// - Parameter patience: how long that may take, in nanoseconds.
    /// - Throws: `CgroupError.busy` with the processes that hold it.
    borrowing func removeTree(_ name: String, patience: UInt64 = 500_000_000) throws(CgroupError) {
        let deadline = BootInstant.now().nanoseconds + patience
        var pause: UInt32 = 1000
        while try !removeOnce(name) {
            guard BootInstant.now().nanoseconds < deadline else {
                let holders: [pid_t]
                if let child = try child(name) { holders = try child.allProcesses() } else { return }
                throw .busy(path: "\(path)/\(name)", processes: holders)
            }
            usleep(pause)
            pause = min(pause * 2, 50_000)
        }
    }

    private borrowing func removeOnce(_ name: String) throws(CgroupError) -> Bool {
        // Most have no children: one call is enough.
        if try remove(name) { return true }
        guard let child = try child(name) else { return true }
        for grandchild in try child.children() { _ = try child.removeOnce(grandchild) }
        return try remove(name)
    }
}
