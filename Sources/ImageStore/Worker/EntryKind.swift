import CLibArchive

/// What an entry of a tar is.
enum EntryKind {
    case file
    case directory
    case symbolicLink(target: String?)
    /// A further name of another entry's file.
    case hardLink(target: ArchivePath)
    case fifo
    case device
    case other

    /// Throws `Refusal` for a hard link whose target leads out of the archive.
    init(_ entry: OpaquePointer) throws(Refusal) {
        if let target = archive_entry_hardlink(entry) {
            self = .hardLink(target: try ArchivePath(target))
            return
        }
        // libarchive's AE_IF… are macros with a cast, which Swift cannot import; they are stat's numbers everywhere.
        switch archive_entry_filetype(entry) {
        case 0o100000: self = .file
        case 0o040000: self = .directory
        case 0o120000: self = .symbolicLink(target: archive_entry_symlink(entry).map { String(cString: $0) })
        case 0o010000: self = .fifo
        case 0o020000, 0o060000: self = .device
        default: self = .other
        }
    }
}
