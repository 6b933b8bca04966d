import Glibc

/// What the kernel says about an open file (fstat(2)).
public struct FileStatus: Sendable, Hashable {
    /// What a file can be.
    public enum Kind: Sendable, Hashable {
        /// A file with content.
        case regular
        /// A directory.
        case directory
        /// A link, device, pipe or socket.
        case other
    }

    /// What it is.
    public let kind: Kind
    /// Bytes.
    public let size: Int64

    init(_ status: stat) {
        switch status.st_mode & mode_t(S_IFMT) {
        case mode_t(S_IFREG): kind = .regular
        case mode_t(S_IFDIR): kind = .directory
        default: kind = .other
        }
        size = Int64(status.st_size)
    }
}

extension Descriptor {
    /// What this file is, and how large.
    public borrowing func status() throws(SystemError) -> FileStatus {
        var status = stat()
        if fstat(raw, &status) != 0 { throw SystemError("fstat") }
        return FileStatus(status)
    }

    /// What `name` in `directory` is, without following a link; nil when there is nothing.
    public static func status(of name: String, at directory: Int32) throws(SystemError) -> FileStatus? {
        var status = stat()
        if fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(status) }
        if errno == ENOENT { return nil }
        throw SystemError("fstatat", name)
    }
}
