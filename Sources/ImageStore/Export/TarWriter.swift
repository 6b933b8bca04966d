import CLibArchive
import Glibc
import Linux

/// Writes a tar of plain files with libarchive.
struct TarWriter: ~Copyable {
    private let handle: OpaquePointer

    /// - Parameter output: open for writing; stays open.
    static func make(_ output: Int32) throws -> TarWriter {
        guard let handle = archive_write_new() else { throw SystemError("archive_write_new", code: ENOMEM) }
        let writer = TarWriter(handle: handle)
        archive_write_set_format_pax_restricted(handle)
        try writer.check(archive_write_open_fd(handle, output))
        return writer
    }

    private init(handle: OpaquePointer) { self.handle = handle }

    deinit { archive_write_free(handle) }

    /// Adds a file with these bytes.
    borrowing func add(_ name: String, _ bytes: [UInt8]) throws {
        try begin(name, size: Int64(bytes.count))
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Adds a file with the bytes of an open one.
    borrowing func add(_ name: String, contentsOf file: borrowing Descriptor) throws {
        try begin(name, size: try file.status().size)
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        let raw = file.raw
        while true {
            let count = try buffer.withUnsafeMutableBytes { bytes in
                try retrying("read") { Glibc.read(raw, bytes.baseAddress, bytes.count) }
            }
            if count == 0 { return }
            try buffer.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    /// Writes the end; nothing can be added any more.
    borrowing func finish() throws { try check(archive_write_close(handle)) }

    private borrowing func begin(_ name: String, size: Int64) throws {
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname(entry, name)
        archive_entry_set_filetype(entry, 0o100000)
        archive_entry_set_perm(entry, 0o644)
        archive_entry_set_size(entry, size)
        archive_entry_set_mtime(entry, 0, 0)
        try check(archive_write_header(handle, entry))
    }

    private borrowing func write(_ bytes: UnsafeRawBufferPointer) throws {
        if bytes.isEmpty { return }
        let written = archive_write_data(handle, bytes.baseAddress, bytes.count)
        if written != bytes.count { throw failure() }
    }

    private borrowing func check(_ status: Int32) throws { if status < ARCHIVE_OK { throw failure() } }

    private borrowing func failure() -> SystemError {
        let code = archive_errno(handle)
        return SystemError("write", code: code > 0 ? code : EIO)
    }
}
