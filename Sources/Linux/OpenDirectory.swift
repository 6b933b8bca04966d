import CLinux
import Glibc

extension Descriptor {
    /// Opens a directory to be listed, without following a link, closed on exec.
    ///
    /// - Parameters:
    ///   - name: bytes: what others have named is not always UTF-8.
    ///   - crossesMounts: whether it may be one that something is mounted on.
    /// - Throws: `SystemError`, EXDEV where something is mounted on it that is not to be looked into.
    public static func openDirectory(
        _ name: UnsafePointer<CChar>, at directory: Int32 = AT_FDCWD, crossesMounts: Bool = true
    ) throws(SystemError) -> Descriptor {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        return Descriptor(
            owning: try retrying("openat", String(cString: name)) {
                if crossesMounts { return clinux_openat(directory, name, flags, 0) }
                let noCrossing: UInt64 = 0x01  // RESOLVE_NO_XDEV
                return clinux_openat2(directory, name, UInt64(UInt32(bitPattern: flags)), 0, noCrossing)
            })
    }
}
