import Glibc
import Linux
import PodModel

/// The directory of what dies with the boot, stamped with it: on a disk it might outlive the boot.
struct RunDirectory: Sendable {
    let paths: NodePaths
    let bootID: BootID

    private var stamp: String { "\(paths.runDirectory)/boot" }

    /// Whether what lies there was made in this boot.
    func isOfThisBoot() throws(SystemError) -> Bool { try text(of: stamp) == bootID.text }

    /// Makes it, and empties one that an earlier boot left.
    func prepare() throws(SystemError) {
        try makeDirectory(paths.runDirectory)
        if try !isOfThisBoot() {
            try removeTree(paths.podRuns)
            let temporary = "\(stamp).new"
            let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
            try file.writeAll(Array("\(bootID)\n".utf8))
            try retrying("rename", stamp) { rename(temporary, stamp) }
        }
        try makeDirectory(paths.podRuns)
    }

    /// Removes what this runtime made there, and the directory if nothing else is in it.
    func remove() throws(SystemError) {
        for name in ["pods", "spares", "bin", "boot"] { try removeTree("\(paths.runDirectory)/\(name)") }
        rmdir(paths.runDirectory)
    }

    /// This boot.
    static func currentBoot() throws(SystemError) -> BootID {
        BootID(try text(of: "/proc/sys/kernel/random/boot_id") ?? "")
    }
}
