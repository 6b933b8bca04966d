import Glibc
import Linux

/// Copies the files of an OCI layout's directory: `index.json` and all below `blobs/sha256`.
func stageLayout(_ layout: borrowing Descriptor, limits: UnpackLimits) throws -> StagedFiles {
    var files = StagedFiles()
    var bytes: Int64 = 0
    for name in try layoutFiles(layout, limits: limits) {
        guard let file = try openFile(name, in: layout) else { continue }
        var writer = try StagedFileWriter()
        let chunks = FileChunks(file)
        while let chunk = try chunks.next() {
            bytes += Int64(chunk.count)
            if bytes > limits.bytes { throw Refusal("it holds more than \(limits.bytes) bytes") }
            try writer.write(chunk)
        }
        files.files[name] = try writer.finish()
    }
    return files
}

private func openFile(_ name: String, in layout: borrowing Descriptor) throws -> Descriptor? {
    do throws(SystemError) {
        return try Descriptor.openBeneath(layout.raw, name, O_RDONLY | O_NONBLOCK)
    } catch {
        switch error.code {
        case ENOENT: return nil
        case ELOOP, EXDEV: throw Refusal("its file \(quoted(name.utf8)) is a link, or lies on another file system")
        default: throw error
        }
    }
}

private func layoutFiles(_ layout: borrowing Descriptor, limits: UnpackLimits) throws -> [String] {
    // A directory that is no layout has no blobs either; the missing index.json says so better.
    let blobs = try openFile("blobs/sha256", in: layout)?.names() ?? []
    if blobs.count >= min(limits.entries, StagedFiles.most) { throw Refusal("it has \(blobs.count) blobs, too many") }
    return ["oci-layout", "index.json", "manifest.json"]
        + blobs.filter { Digest(hex: $0) != nil }.map { "blobs/sha256/\($0)" }
}

/// A file's bytes, a quarter MiB at a time.
private struct FileChunks: ~Copyable {
    private let file: Descriptor
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    init(_ file: consuming Descriptor) { self.file = file }

    deinit { buffer.deallocate() }

    /// The next bytes, valid until the next call; nil at the end.
    func next() throws(SystemError) -> UnsafeRawBufferPointer? {
        let (raw, buffer) = (file.raw, buffer)
        let count = try retrying("read") { read(raw, buffer.baseAddress, buffer.count) }
        return count == 0 ? nil : UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }
}
