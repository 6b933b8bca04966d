import Glibc

/// Tells when a file that others write was changed, closed by its writer, renamed or removed, or when files appeared in
/// a directory (inotify).
///
/// A class, because the thread that waits and the owner that ends share it.
public final class FileWatch: Sendable {
    private let inotify: Descriptor

    /// Watches the file at `path` from now on: changes made before this returns are not reported.
    public init(path: String) throws(SystemError) {
        inotify = try Self.watching(path, IN_MODIFY | IN_CLOSE_WRITE | IN_MOVE_SELF | IN_ATTRIB | IN_DELETE_SELF)
    }

    /// Watches a directory from now on, for files that appear in it whole: closed after writing, or moved there.
    public init(directory: String) throws(SystemError) {
        inotify = try Self.watching(
            directory, IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
    }

    private static func watching(_ path: String, _ events: Int32) throws(SystemError) -> Descriptor {
        let descriptor = Descriptor(
            owning: try retrying("inotify_init1") { inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) })
        let raw = descriptor.raw
        try retrying("inotify_add_watch", path) { inotify_add_watch(raw, path, UInt32(events)) }
        return descriptor
    }

    /// Blocks the calling thread until something happened to the file, or the time is up.
    ///
    /// - Returns: false when the time was up.
    public func wait(atMost timeout: Duration) throws(SystemError) -> Bool {
        let milliseconds = timeout.components.seconds * 1000 + timeout.components.attoseconds / 1_000_000_000_000_000
        var poll = pollfd(fd: inotify.raw, events: Int16(POLLIN), revents: 0)
        let ready = try retrying("poll") { Glibc.poll(&poll, 1, Int32(clamping: milliseconds)) }
        if ready > 0 { drain() }
        return ready > 0
    }

    /// What happened does not matter, only that something did: whoever waits looks at the file itself.
    private func drain() {
        var events = [UInt8](repeating: 0, count: 4096)
        let raw = inotify.raw
        while events.withUnsafeMutableBytes({ read(raw, $0.baseAddress, $0.count) }) > 0 {}
    }
}
