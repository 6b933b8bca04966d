import Glibc
import Linux
import PodModel

/// The directory of what dies with the boot, stamped with it: on a disk it might outlive the boot. One state directory
/// has it, and says so in it: two would clear each other's Pods.
struct RunDirectory: Sendable {
    let paths: NodePaths
    let bootID: BootID

    private var stamp: String { "\(paths.runDirectory)/boot" }
    private var owner: String { "\(paths.runDirectory)/instance" }

    /// Whether what lies there was made in this boot.
    func isOfThisBoot() throws(SystemError) -> Bool { try text(of: stamp) == bootID.text }

    /// Makes it for a state directory, and empties one that an earlier boot left.
    ///
    /// - Throws: `NodeRuntimeError.foreignRunDirectory` when another one has it in this boot.
    func prepare(for instance: String) throws {
        try secureDirectory(paths.runDirectory)
        // Two that start at once look one after the other.
        let directory = try Descriptor.open(paths.runDirectory, O_RDONLY | O_DIRECTORY)
        let raw = directory.raw
        try retrying("flock", paths.runDirectory) { flock(raw, LOCK_EX) }
        try refuseForeign(than: instance)
        let isCurrent = try isOfThisBoot()
        if !isCurrent {
            for directory in [paths.podRuns, paths.freshRecords] { try removeTree(directory) }
        }
        try write(instance, to: owner)
        if !isCurrent { try write(bootID.text, to: stamp) }
        for directory in [paths.podRuns, paths.freshRecords] { try makeDirectory(directory) }
    }

    /// Looks whether `prepare` would meet another state directory's Pods; makes nothing.
    ///
    /// - Throws: `NodeRuntimeError.foreignRunDirectory`.
    func refuseForeign(than instance: String) throws {
        guard try isOfThisBoot(), let found = try text(of: owner), found != instance else { return }
        throw NodeRuntimeError.foreignRunDirectory(
            directory: paths.runDirectory, instance: found, ours: paths.stateDirectory)
    }

    private func write(_ line: String, to path: String) throws(SystemError) {
        let temporary = "\(path).new"
        let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
        try file.writeAll(Array("\(line)\n".utf8))
        try retrying("rename", path) { rename(temporary, path) }
    }

    /// Removes what this runtime made there, and the directory if nothing else is in it.
    func remove() throws(SystemError) {
        for name in ["pods", "records", "spares", "bin", "boot", "instance"] {
            try removeTree("\(paths.runDirectory)/\(name)")
        }
        rmdir(paths.runDirectory)
    }

    /// This boot.
    static func currentBoot() throws(SystemError) -> BootID {
        BootID(try text(of: "/proc/sys/kernel/random/boot_id") ?? "")
    }
}
