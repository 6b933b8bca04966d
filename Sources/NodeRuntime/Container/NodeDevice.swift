import Glibc
import Linux

/// A device of the node's, as privileged containers get them.
struct NodeDevice: Sendable, Hashable {
    /// Its name below /dev.
    let name: String
    let isBlock: Bool
    let major: UInt32
    let minor: UInt32
    /// Permission bits.
    let mode: UInt32

    /// Every device in the node's /dev but terminals, which belong to somebody. One that goes away meanwhile is left out.
    static func all() -> [NodeDevice] {
        ((try? names(in: "/dev")) ?? []).sorted().compactMap(NodeDevice.init(named:))
    }

    private init?(named name: String) {
        if ["console", "ptmx", "tty"].contains(name) { return nil }
        var status = stat()
        guard lstat("/dev/\(name)", &status) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFBLK || kind == S_IFCHR else { return nil }
        self.name = name
        isBlock = kind == S_IFBLK
        // As the kernel writes numbers of devices down (makedev(3)).
        let number = UInt64(status.st_rdev)
        major = UInt32(truncatingIfNeeded: (number >> 8 & 0xfff) | (number >> 32 & ~0xfff))
        minor = UInt32(truncatingIfNeeded: (number & 0xff) | (number >> 12 & ~0xff))
        mode = UInt32(status.st_mode & 0o777)
    }
}
