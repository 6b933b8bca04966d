import Glibc
import Linux
import PodModel

/// What is left on a directory's disk.
struct DiskSupply {
    /// Bytes that everybody may still write, as df shows them (kubelet).
    let room: Supply
    /// Files that can still be made; nil on a file system that makes them as they come (btrfs).
    let inodes: Supply?

    /// Asks the kernel.
    init(of directory: String) throws(SystemError) {
        var status = statvfs()
        try retrying("statvfs", directory) { statvfs(directory, &status) }
        let block = UInt64(status.f_frsize)
        room = Supply(
            available: Int(clamping: UInt64(status.f_bavail) * block),
            capacity: Int(clamping: UInt64(status.f_blocks) * block))
        let files = UInt64(status.f_files)
        inodes =
            files == 0
            ? nil : Supply(available: Int(clamping: UInt64(status.f_favail)), capacity: Int(clamping: files))
    }
}
