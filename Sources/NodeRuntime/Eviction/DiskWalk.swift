import Glibc
import Linux

/// Adds up the room that everything below a directory takes, as du does: whole blocks, and files of several names once.
///
/// What containers write is not trusted: no link is followed, no other file system entered, and a walk ends after so many
/// entries, or so deep, with what it found by then.
struct DiskWalk {
    /// Entries that one walk looks at.
    static let mostEntries = 1_000_000
    /// Directories that one walk has open at once.
    static let deepest = 200

    /// What was found.
    private(set) var bytes = 0
    /// Files and directories.
    private(set) var inodes = 0
    private var device: dev_t = 0
    private var linked: Set<UInt64> = []

    /// Walks through a directory; nothing is found where there is none. Blocks.
    mutating func add(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        device = status.st_dev
        count(status)
        guard status.isDirectory, let directory = try? Descriptor.openDirectory(path) else { return }
        walk(directory, depth: 1)
    }

    /// By C string: names are bytes, not always UTF-8. What goes while it is looked at counts nothing.
    private mutating func walk(_ directory: borrowing Descriptor, depth: Int) {
        guard let opened = try? directory.duplicate().release() else { return }
        guard let stream = fdopendir(opened) else {
            close(opened)
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream), inodes < Self.mostEntries {
            withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                let name = UnsafeRawPointer(tuple).assumingMemoryBound(to: CChar.self)
                if strcmp(name, ".") != 0, strcmp(name, "..") != 0 { look(at: name, in: opened, depth: depth) }
            }
        }
    }

    private mutating func look(at name: UnsafePointer<CChar>, in directory: Int32, depth: Int) {
        var status = stat()
        guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_dev == device else { return }
        count(status)
        guard status.isDirectory, depth < Self.deepest else { return }
        guard let child = try? Descriptor.openDirectory(name, at: directory) else { return }
        walk(child, depth: depth + 1)
    }

    private mutating func count(_ status: stat) {
        if status.st_nlink > 1, !status.isDirectory, !linked.insert(UInt64(status.st_ino)).inserted { return }
        bytes += Int(status.st_blocks) * 512
        inodes += 1
    }
}

extension stat {
    fileprivate var isDirectory: Bool { st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR) }
}
