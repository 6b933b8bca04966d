import CLinux
import Glibc

extension Descriptor {
    /// Sets an extended attribute of the open file.
    public borrowing func setExtendedAttribute(_ name: String, _ value: [UInt8]) throws(SystemError) {
        let raw = raw
        try retrying("fsetxattr", name) { clinux_fsetxattr(raw, name, value, value.count) }
    }

    /// Sets an extended attribute of the open file to a text.
    public borrowing func setExtendedAttribute(_ name: String, _ value: String) throws(SystemError) {
        try setExtendedAttribute(name, Array(value.utf8))
    }

    /// An extended attribute of the open file, up to 255 bytes of text; nil when it has none of this name.
    public borrowing func extendedAttribute(_ name: String) throws(SystemError) -> String? {
        let raw = raw
        var bytes = [UInt8](repeating: 0, count: 255)
        do {
            let count = try retrying("fgetxattr", name) {
                bytes.withUnsafeMutableBytes { clinux_fgetxattr(raw, name, $0.baseAddress, $0.count) }
            }
            return String(decoding: bytes.prefix(count), as: UTF8.self)
        } catch {
            if error.code == ENODATA { return nil }
            throw error
        }
    }

    /// The magic number of the file system this file lies on (linux/magic.h).
    public borrowing func filesystemMagic() throws(SystemError) -> Int64 {
        let raw = raw
        return try retrying("fstatfs") { clinux_filesystem_magic(raw) }
    }
}
