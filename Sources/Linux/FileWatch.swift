import Glibc

/// Tells when a file that others write was changed, closed by its writer, renamed or removed (inotify).
///
/// A class, because the thread that waits and the owner that ends share it.
public final class FileWatch: Sendable {
    private let inotify: Descriptor

    /// Watches the file at `path` from now on: changes made before this returns are not reported.
    public init(path: String) throws(SystemError) {
        let descriptor = Descriptor(
            owning: try retrying("inotify_init1") { inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) })
        let raw = descriptor.raw
        let events = UInt32(IN_MODIFY | IN_CLOSE_WRITE | IN_MOVE_SELF | IN_ATTRIB | IN_DELETE_SELF)
        try retrying("inotify_add_watch", path) { inotify_add_watch(raw, path, events) }
        inotify = descriptor
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
