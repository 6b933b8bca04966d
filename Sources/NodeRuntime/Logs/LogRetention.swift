import Glibc
import Linux
import PodModel

/// How long the logs of Pods that are gone are kept: until they are old, or too many.
public struct LogRetention: Sendable, Hashable {
    /// From the Pod's removal.
    public var age: Duration
    /// Of all such logs together, in bytes; the oldest go first.
    public var bytes: Int64

    /// By default seven days and 256 MiB.
    public init(age: Duration = .seconds(7 * 86_400), bytes: Int64 = 256 << 20) {
        self.age = age
        self.bytes = bytes
    }
}

/// The log directories of Pods that are gone. Only what is entered here is ever removed: others may write beside it.
struct RemovedLogs: Sendable {
    let paths: NodePaths
    let retention: LogRetention

    /// Enters a Pod's logs, to be called before the Pod is forgotten. Blocks.
    func enter(_ pod: PodName, _ uid: PodUID) throws {
        let directory = paths.logs(of: pod, uid)
        guard isDirectory(directory), let name = directory.split(separator: "/").last.map(String.init) else { return }
        try requirePlain(name)
        try makeDirectory(paths.removedLogs)
        // Entered once: its time is the removal's.
        _ = try Descriptor.open("\(paths.removedLogs)/\(name)", O_WRONLY | O_CREAT | O_NOFOLLOW)
    }

    /// Removes what is too old at `now`, or one too many. Blocks.
    func collect(now: WallTime) throws {
        var kept: Int64 = 0
        for entry in try entries().sorted(by: { $0.removedAt > $1.removedAt }) {
            let directory = "\(paths.logDirectory)/\(entry.name)"
            let isOld = now.nanoseconds - entry.removedAt.nanoseconds > retention.age.nanoseconds
            if !isOld { kept += size(of: directory) }
            guard isOld || kept > retention.bytes else { continue }
            try removeTree(directory)
            try removeTree("\(paths.removedLogs)/\(entry.name)")
        }
        try LogLinks(paths: paths).removeDead()
    }

    private func entries() throws -> [(name: String, removedAt: WallTime)] {
        try names(in: paths.removedLogs).compactMap { name in
            var status = stat()
            guard lstat("\(paths.removedLogs)/\(name)", &status) == 0 else { return nil }
            let time = status.st_mtim
            return (name, WallTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)))
        }
    }

    /// Bytes of all files below; what cannot be looked at counts nothing.
    private func size(of directory: String) -> Int64 {
        ((try? names(in: directory)) ?? []).reduce(0) { sum, name in
            let path = "\(directory)/\(name)"
            if isDirectory(path) { return sum + size(of: path) }
            var status = stat()
            return lstat(path, &status) == 0 ? sum + Int64(status.st_blocks) * 512 : sum
        }
    }
}
