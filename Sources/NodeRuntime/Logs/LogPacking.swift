import Glibc
import Linux
import Logging
import Manifests
import PodModel
import Synchronization

/// Packs the rotated log files of a container, on the agent's time, never on its logger's (kubelet: `compressLog`).
///
/// A file has one name at any instant, so that whoever counts them to remove the oldest never counts one twice: what it is
/// packed into lies beside it under a hidden name, takes its place in one step, and is renamed then. One that is removed
/// meanwhile stays so; whatever is interrupted is taken up or cleared by the next look.
struct LogPacking: Sendable {
    /// How the hidden names begin and end.
    private static let hidden = (start: ".", end: ".gz.tmp")

    /// Packs what is to be packed in a container's log directory. Blocks.
    ///
    /// - Parameter directory: opened by way of directories alone, not of links.
    /// - Throws: `SystemError`; what cannot be packed stays as it is.
    func pack(in directory: borrowing Descriptor) throws(SystemError) {
        let names = try directory.names()
        for name in names where name.hasPrefix(Self.hidden.start) && name.hasSuffix(Self.hidden.end) {
            unlinkat(directory.raw, name, 0)
        }
        var failure: SystemError?
        for name in RotatedLog.toPack(among: names) {
            do throws(SystemError) { try pack(name, in: directory) } catch {
                // Rotation removes the oldest.
                if error.code != ENOENT { failure = failure ?? error }
            }
        }
        if let failure { throw failure }
    }

    private func pack(_ name: String, in directory: borrowing Descriptor) throws(SystemError) {
        let file = try Descriptor.open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, at: directory.raw)
        guard try file.status().kind == .regular else { return }
        if try !PackedFile.isPacked(file) {
            let temporary = Self.hidden.start + name + Self.hidden.end
            defer { unlinkat(directory.raw, temporary, 0) }
            try copy(file, to: temporary, in: directory)
            try exchangeNames(temporary, name, at: directory.raw)
        }
        let raw = directory.raw
        try retrying("renameat", name) { renameat(raw, name, raw, name + RotatedLog.packedEnding) }
    }

    private func copy(
        _ file: borrowing Descriptor, to temporary: String, in directory: borrowing Descriptor
    ) throws(SystemError) {
        let copy = try Descriptor.open(
            temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o640, at: directory.raw)
        let packed = try PackedFile(writing: copy)
        let source = file.raw
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try retrying("read", temporary) {
                chunk.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
            }
            if count == 0 { break }
            try packed.write(chunk[..<count])
        }
        try packed.finish()
        // As old as what it was made of: by that, and its length, a reader knows it again.
        var status = stat()
        try retrying("fstat", temporary) { fstat(source, &status) }
        let times = [status.st_atim, status.st_mtim]
        let raw = copy.raw
        try retrying("futimens", temporary) { futimens(raw, times) }
        // A power cut must not leave an empty file where lines were.
        try copy.writeOut()
    }
}

/// Looks after the rotated logs of a node's Pods, on a thread that nobody waits for and that yields to all others.
final class LogPackers: Sendable {
    /// Between two looks (kubelet: containerLogMonitorInterval).
    private static let pause = Duration.seconds(10)
    /// After a failure: a full disk, or a file system that cannot exchange names, is not to be written to all the time.
    private static let pauseAfterFailure = Duration.seconds(3600)

    private struct State {
        var isUnderWay = false
        var last: BootTime?
        /// Directories in which packing failed, and when: told once, and tried again after a while.
        var failing: [String: BootTime] = [:]
    }

    private let paths: NodePaths
    private let log: Logger
    private let state = Mutex(State())

    init(_ paths: NodePaths, log: Logger) {
        self.paths = paths
        self.log = log
    }

    /// Looks through the logs of some Pods, unless somebody does, or did a moment ago.
    func begin(_ records: [PodRecord]) {
        let now = BootTime.now()
        let isDue = state.withLock { state in
            if state.isUnderWay || state.last.map({ now - $0 < Self.pause }) == true { return false }
            state.isUnderWay = true
            return true
        }
        guard isDue else { return }
        do {
            try startThread {
                yieldToOtherThreads()
                for record in records { self.pack(record) }
                self.state.withLock { ($0.isUnderWay, $0.last) = (false, BootTime.now()) }
            }
        } catch {
            state.withLock { $0.isUnderWay = false }
            log.warning("no thread for packing logs", metadata: ["error": "\(error)"])
        }
    }

    private func pack(_ record: PodRecord) {
        let logs = paths.logs(of: record.accepted.name, record.uid)
        for container in record.accepted.pod.spec.allContainers {
            let path = "\(logs)/\(container.name)"
            let failed = state.withLock { $0.failing[path] }
            if let failed, BootTime.now() - failed < Self.pauseAfterFailure { continue }
            do throws(SystemError) {
                let pod = try Descriptor.open(logs, Descriptor.pathOnly | O_DIRECTORY | O_NOFOLLOW)
                let directory = try Descriptor.open(
                    container.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, at: pod.raw)
                try LogPacking().pack(in: directory)
                state.withLock { $0.failing[path] = nil }
            } catch {
                // Not started yet, or being removed.
                if error.code == ENOENT { continue }
                let isNew = state.withLock { $0.failing.updateValue(BootTime.now(), forKey: path) == nil }
                guard isNew else { continue }
                log.warning("rotated logs are not packed", metadata: ["directory": "\(path)", "error": "\(error)"])
            }
        }
    }
}
