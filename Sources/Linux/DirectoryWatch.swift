import Glibc
import Synchronization

/// Tells which entries of some directories were made, written, renamed or removed (inotify).
///
/// A class, because the thread that waits and the owner that adds directories share it.
public final class DirectoryWatch: Sendable {
    /// What happened.
    public enum Change: Hashable, Sendable {
        /// Something happened to an entry of a directory.
        case entry(directory: String, name: String)
        /// The kernel's queue was full: anything may have happened.
        case overflow
    }

    private let inotify: Descriptor
    private let directories = Mutex<[Int32: String]>([:])

    /// Watches nothing yet.
    ///
    /// - Throws: `SystemError` with EMFILE when this user has as many watches as `fs.inotify.max_user_instances` allows.
    public init() throws(SystemError) {
        inotify = Descriptor(owning: try retrying("inotify_init1") { inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) })
    }

    /// Watches a directory from now on; one that is watched already stays so.
    ///
    /// - Returns: false when there is no such directory.
    /// - Throws: `SystemError` with ENOSPC when `fs.inotify.max_user_watches` is reached.
    @discardableResult
    public func add(_ path: String) throws(SystemError) -> Bool {
        let raw = inotify.raw
        let events = UInt32(
            IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_ONLYDIR)
        do {
            let watch = try retrying("inotify_add_watch", path) { inotify_add_watch(raw, path, events) }
            directories.withLock { $0[watch] = path }
            return true
        } catch  where error.code == ENOENT || error.code == ENOTDIR {
            return false
        }
    }

    /// What happens from now on, as `poller` hears of it. To be asked for once; ends with the task that reads it.
    public func changes(heardBy poller: Poller) throws(SystemError) -> AsyncStream<[Change]> {
        let (changes, report) = AsyncStream.makeStream(of: [Change].self)
        let registration = try poller.add(inotify.raw) { [self] in report.yield(drain()) }
        report.onTermination = { [self] _ in poller.remove(registration, descriptor: inotify.raw) }
        return changes
    }

    private func drain() -> [Change] {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let raw = inotify.raw
        var changes: [Change] = []
        while true {
            let count = buffer.withUnsafeMutableBytes { read(raw, $0.baseAddress, $0.count) }
            if count <= 0 { return changes }
            changes += buffer[..<count].withUnsafeBytes(parse)
        }
    }

    /// Events one after another: a header of 16 bytes, and a name padded with zeros (inotify(7)).
    private func parse(_ bytes: UnsafeRawBufferPointer) -> [Change] {
        var changes: [Change] = []
        var offset = 0
        while offset + 16 <= bytes.count {
            let watch = bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
            let mask = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
            let length = Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
            let name = bytes[min(offset + 16, bytes.count)..<min(offset + 16 + length, bytes.count)].prefix { $0 != 0 }
            offset += 16 + length
            if mask & UInt32(IN_Q_OVERFLOW) != 0 {
                changes.append(.overflow)
            } else if mask & UInt32(IN_IGNORED) != 0 {
                directories.withLock { $0[watch] = nil }
            } else if let directory = directories.withLock({ $0[watch] }) {
                changes.append(.entry(directory: directory, name: String(decoding: name, as: UTF8.self)))
            }
        }
        return changes
    }
}
