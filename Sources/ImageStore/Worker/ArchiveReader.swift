import CLibArchive

/// A libarchive reader, freed with its owner.
struct ArchiveReader: ~Copyable {
    /// What the bytes are, once decompressed.
    enum Format {
        /// Tar in any dialect.
        case tar
        /// Anything: the decompressed bytes are the one entry's content.
        case raw
    }

    let handle: OpaquePointer

    /// A reader for `format`; gzip and zstd are undone where `decompressing`.
    static func make(_ format: Format, decompressing: Bool) throws -> ArchiveReader {
        guard let handle = archive_read_new() else { throw UnpackFailure("archive_read_new: out of memory") }
        let reader = ArchiveReader(handle: handle)
        try reader.support(format, decompressing: decompressing)
        return reader
    }

    private init(handle: OpaquePointer) { self.handle = handle }

    deinit { archive_read_free(handle) }

    private func support(_ format: Format, decompressing: Bool) throws {
        var results = [archive_read_support_format_empty(handle)]
        switch format {
        case .tar: results.append(archive_read_support_format_tar(handle))
        case .raw: results.append(archive_read_support_format_raw(handle))
        }
        if decompressing {
            // ARCHIVE_WARN would mean that libarchive wants to run a program for it.
            results += [archive_read_support_filter_gzip(handle), archive_read_support_filter_zstd(handle)]
        }
        guard results.allSatisfy({ $0 == ARCHIVE_OK }) else {
            throw UnpackFailure("this libarchive was built without gzip or zstd: \(lastWords(handle))")
        }
    }

    /// Starts reading from an open file, which must outlive this reader.
    func open(descriptor: Int32) throws {
        guard archive_read_open_fd(handle, descriptor, 256 << 10) == ARCHIVE_OK else { throw malformed() }
    }

    /// The next entry; nil at the end. Valid until the next call.
    func next() throws -> OpaquePointer? {
        var entry: OpaquePointer?
        // A warning is about details we do not use; what we use is checked for each entry.
        switch archive_read_next_header(handle, &entry) {
        case ARCHIVE_OK, ARCHIVE_WARN: return entry
        case ARCHIVE_EOF: return nil
        default: throw malformed()
        }
    }

    /// The next stretch of the current entry's content; nil at its end. Valid until the next call.
    func nextBlock() throws -> (bytes: UnsafeRawBufferPointer, offset: Int64)? {
        var start: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        switch archive_read_data_block(handle, &start, &count, &offset) {
        case ARCHIVE_OK: return (UnsafeRawBufferPointer(start: start, count: count), offset)
        case ARCHIVE_EOF: return nil
        default: throw malformed()
        }
    }

    private func malformed() -> UnsoundArchive {
        UnsoundArchive("it is not a sound archive (\(lastWords(handle)))")
    }
}

/// libarchive's message for the last failed call on a handle.
func lastWords(_ handle: OpaquePointer) -> String {
    archive_error_string(handle).map { String(cString: $0) } ?? "no reason given"
}
