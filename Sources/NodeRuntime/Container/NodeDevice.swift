import Glibc
import Linux

/// A device of the node's, as privileged containers get them.
struct NodeDevice: Sendable, Hashable {
    /// Its path below /dev.
    let path: String
    let isBlock: Bool
    let major: UInt32
    let minor: UInt32
    /// Permission bits.
    let mode: UInt32
    let owner: UInt32
    let group: UInt32

    /// Every device in the node's /dev and in the directories there (containerd: `HostDevices`), but the terminals that
    /// belong to somebody. Links are left out, and so is what goes away meanwhile.
    static func all(in directory: String = "/dev") -> [NodeDevice] { devices(in: directory, below: "") }

    private static func devices(in directory: String, below prefix: String) -> [NodeDevice] {
        ((try? names(in: directory)) ?? []).sorted().flatMap { name in
            let (place, path) = ("\(directory)/\(name)", prefix + name)
            var status = stat()
            guard lstat(place, &status) == 0 else { return [NodeDevice]() }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return kept.contains(name) ? [] : devices(in: place, below: "\(path)/")
            case S_IFBLK, S_IFCHR: return terminals.contains(path) ? [] : [NodeDevice(path, status)]
            default: return []
            }
        }
    }

    private static let terminals: Set = ["console", "ptmx", "tty"]

    /// Directories of which a container has one of its own, or that hold another's devices.
    private static let kept: Set = ["pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev"]

    private init(_ path: String, _ status: stat) {
        self.path = path
        isBlock = status.st_mode & S_IFMT == S_IFBLK
        // As the kernel writes numbers of devices down (makedev(3)).
        let number = UInt64(status.st_rdev)
        major = UInt32(truncatingIfNeeded: (number >> 8 & 0xfff) | (number >> 32 & ~0xfff))
        minor = UInt32(truncatingIfNeeded: (number & 0xff) | (number >> 12 & ~0xff))
        mode = UInt32(status.st_mode & 0o777)
        (owner, group) = (status.st_uid, status.st_gid)
    }
}
