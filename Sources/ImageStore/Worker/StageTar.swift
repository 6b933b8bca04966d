import CLibArchive
import Glibc
import Linux

/// Copies the files of an outer tar: `docker save`'s, or an OCI layout's.
func stageTar(
    _ descriptor: borrowing Descriptor, compressedSize: Int64, limits: UnpackLimits
) throws -> StagedFiles {
    let reader = try ArchiveReader.make(.tar, decompressing: true)
    do { try reader.open(descriptor: descriptor.raw) } catch { throw Refusal("it is no tar archive") }
    var staging = TarStaging(limits: limits, allowance: limits.allowance(forCompressed: compressedSize))
    while let entry = try reader.next() { try staging.add(entry, from: reader) }
    return staging.files
}

private struct TarStaging {
    let limits: UnpackLimits
    let allowance: Int64
    var files = StagedFiles()
    private var bytes: Int64 = 0

    init(limits: UnpackLimits, allowance: Int64) {
        self.limits = limits
        self.allowance = allowance
    }

    mutating func add(_ entry: OpaquePointer, from reader: borrowing ArchiveReader) throws {
        guard let raw = archive_entry_pathname(entry), let name = try ArchivePath(raw).text else {
            throw Refusal("an entry has a name that is not UTF-8")
        }
        let kind = try EntryKind(entry)
        if case .directory = kind { return }
        try reserve(name)
        switch kind {
        case .file: files.files[name] = try copy(from: reader)
        case .hardLink(let target): files.links[name] = target.text
        case .symbolicLink(let target?): files.links[name] = try resolve(target, from: ArchivePath(raw).parent)
        default: throw Refusal("its entry \(quoted(name.utf8)) is neither a file nor a link")
        }
    }

    private func reserve(_ name: String) throws(Refusal) {
        // Two files of one name could be told apart by nobody but the attacker.
        if files.files[name] != nil || files.links[name] != nil {
            throw Refusal("it has two entries called \(quoted(name.utf8))")
        }
        let most = min(limits.entries, StagedFiles.most)
        if files.files.count + files.links.count >= most { throw Refusal("it has more than \(most) files") }
    }

    private mutating func copy(from reader: borrowing ArchiveReader) throws -> StagedFiles.File {
        var writer = try StagedFileWriter()
        while let (block, _) = try reader.nextBlock() {
            bytes += Int64(block.count)
            if bytes > allowance { throw Refusal("it holds more than \(allowance) bytes") }
            try writer.write(block)
        }
        return try writer.finish()
    }

    /// The path in the archive that a symbolic link leads to; old `docker save` links equal layers that way.
    private func resolve(_ target: String, from directory: ArchivePath) throws(Refusal) -> String? {
        var components = directory.components
        for part in target.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if part.elementsEqual("..".utf8), !components.isEmpty {
                components.removeLast()
            } else if part.isEmpty || part.elementsEqual("..".utf8) {
                throw Refusal("a link leads out of it, to \(quoted(target.utf8))")
            } else if !part.elementsEqual(".".utf8) {
                components.append(Array(part))
            }
        }
        return ArchivePath(components: components).text
    }
}
