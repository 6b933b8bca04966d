import CLibArchive
import Glibc
import Linux

/// libarchive's writer to the working directory, freed with its owner.
///
/// Second line of defence inside the confined root: it goes through no link, no `..` and no absolute path. Owners are
/// taken by number: the standard lookup of names would load name services out of the layer.
struct LayerWriter: ~Copyable {
    private let handle: OpaquePointer
    /// The time of the layer's root: it exists before its entry, and libarchive puts off times of new directories only.
    private var rootTime: timespec?

    static func make() throws -> LayerWriter {
        guard let handle = archive_write_disk_new() else {
            throw UnpackFailure("archive_write_disk_new: out of memory")
        }
        let writer = LayerWriter(handle: handle)
        let flags =
            ARCHIVE_EXTRACT_OWNER | ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_XATTR
            | ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS
        try writer.check(archive_write_disk_set_options(handle, flags), "the layer's root")
        return writer
    }

    private init(handle: OpaquePointer) { self.handle = handle }

    deinit { archive_write_free(handle) }

    /// Makes the entry, with its content from `reader`.
    mutating func write(_ entry: OpaquePointer, at path: ArchivePath, from reader: borrowing ArchiveReader) throws {
        if path.components.isEmpty {
            rootTime = timespec(tv_sec: archive_entry_mtime(entry), tv_nsec: archive_entry_mtime_nsec(entry))
        }
        let name = archive_entry_pathname(entry).map { String(cString: $0) } ?? "an entry"
        try check(archive_write_header(handle, entry), name)
        while let (bytes, offset) = try reader.nextBlock() {
            let written = archive_write_data_block(handle, bytes.baseAddress, bytes.count, offset)
            try check(Int32(clamping: min(written, 0)), name)
        }
        try check(archive_write_finish_entry(handle), name)
    }

    /// Sets the modes and times of directories, which had to wait for their content.
    func finish() throws {
        try check(archive_write_close(handle), "the layer's directories")
        if let rootTime {
            let times = [rootTime, rootTime]
            try retrying("utimensat", ".") { utimensat(AT_FDCWD, ".", times, 0) }
        }
    }

    /// A warning counts: an owner or an attribute that could not be set would be a silent difference.
    private func check(_ status: Int32, _ name: String) throws {
        guard status != ARCHIVE_OK else { return }
        let reason = "\(quoted(name.utf8)) cannot be made: \(lastWords(handle))"
        let machineIsAtFault = [ENOSPC, EDQUOT, EIO, EROFS, ENOMEM, EMFILE, ENFILE, EPERM, EACCES, ENOTSUP]
        let code = archive_errno(handle)
        guard machineIsAtFault.contains(code) else { throw Refusal(reason) }
        // libarchive's own words are often no more than "Write failed".
        let why = String(cString: strerror(code))
        throw UnpackFailure(reason.contains(why) ? reason : "\(reason) (\(why))")
    }
}
