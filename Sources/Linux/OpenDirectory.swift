import CLinux
import Glibc

extension Descriptor {
    /// Opens a directory to be listed, without following a link, closed on exec.
    ///
    /// - Parameter name: bytes: what others have named is not always UTF-8.
    public static func openDirectory(
        _ name: UnsafePointer<CChar>, at directory: Int32 = AT_FDCWD
    ) throws(SystemError) -> Descriptor {
        Descriptor(
            owning: try retrying("openat", String(cString: name)) {
                clinux_openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
            })
    }
}
