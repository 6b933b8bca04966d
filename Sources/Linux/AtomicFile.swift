import Glibc

/// Writes `bytes` to `directory/name` so that a reader, or a crash at any instant, finds the old file or the new one.
///
/// The bytes go to a temporary file `.tmp-<name>-<random>` beside it, are synced, and take the name by rename; the
/// directory is synced last.
public func replaceFile(_ name: String, in directory: String, with bytes: [UInt8], mode: mode_t = 0o600)
    throws(SystemError)
{
    let temporary = "\(directory)/.tmp-\(name)-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    do {
        let file = try Descriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
        try file.writeAll(bytes)
        try file.sync()
        try retrying("rename", temporary) { rename(temporary, "\(directory)/\(name)") }
    } catch {
        unlink(temporary)
        throw error
    }
    try syncDirectory(directory)
}

/// Makes the names in `directory` durable.
public func syncDirectory(_ directory: String) throws(SystemError) {
    try Descriptor.open(directory, O_RDONLY | O_DIRECTORY).sync()
}

extension Descriptor {
    /// Makes this file's content and metadata durable.
    public borrowing func sync() throws(SystemError) {
        let raw = raw
        try retrying("fsync") { fsync(raw) }
    }
}
