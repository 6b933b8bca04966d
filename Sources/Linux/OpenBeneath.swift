import CLinux
import Glibc

/// Has two names in one directory change places, in one step. Neither is missing at any time.
///
/// - Throws: `SystemError`: ENOENT where one of both is not there, EINVAL where the file system cannot.
public func exchangeNames(_ one: String, _ other: String, at directory: Int32) throws(SystemError) {
    try retrying("renameat2", other) { clinux_exchange(directory, one, other) }
}

extension Descriptor {
    /// O_PATH, which glibc shows only to those who ask for all of it: names a file without opening it.
    public static let pathOnly: Int32 = 0x20_0000

    /// Opens `path` below `directory`, where neither `..`, nor a link, nor a mount may lead elsewhere (openat2(2)).
    ///
    /// - Throws: `SystemError`: ELOOP when a component is a symbolic link, EXDEV when the path leads out.
    public static func openBeneath(
        _ directory: Int32, _ path: String, _ flags: Int32 = O_RDONLY
    ) throws(SystemError) -> Descriptor {
        let resolve: UInt64 = 0x08 | 0x04 | 0x01  // RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS, RESOLVE_NO_XDEV
        return Descriptor(
            owning: try retrying("openat2", path) {
                clinux_openat2(directory, path, UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), 0, resolve)
            })
    }

    /// Opens `path` as if `directory` were the root: links and `..` lead nowhere else (openat2(2)).
    ///
    /// - Throws: `SystemError`: ELOOP for a link that is not to be followed.
    public static func openInRoot(
        _ directory: Int32, _ path: String, _ flags: Int32 = O_RDONLY, followingLinks: Bool = true
    ) throws(SystemError) -> Descriptor {
        // RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS
        let resolve: UInt64 = 0x10 | 0x02 | (followingLinks ? 0 : 0x04)
        return Descriptor(
            owning: try retrying("openat2", path) {
                clinux_openat2(directory, path, UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), 0, resolve)
            })
    }

    /// Writes out this file's content, without its metadata and without a sync of the file system's journal: what is renamed
    /// after that is never found empty.
    public borrowing func writeOut() throws(SystemError) {
        let raw = raw
        try retrying("sync_file_range") { clinux_write_out(raw) }
    }

    /// Writes out the whole file system this file is on.
    public borrowing func syncFileSystem() throws(SystemError) {
        let raw = raw
        try retrying("syncfs") { clinux_syncfs(raw) }
    }
}
