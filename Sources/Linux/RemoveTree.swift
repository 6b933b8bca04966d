import Glibc

/// Removes `path` and all below it, without ever following a link, or going into what is mounted there: that is not of the
/// tree, whatever lies in it.
///
/// What is not there is no error.
///
/// - Throws: `SystemError`, EBUSY where something is mounted in it.
public func removeTree(_ path: String) throws(SystemError) {
    try removeEntry(path, at: AT_FDCWD)
}

/// The same for a name in a directory that is open.
public func removeTree(_ name: String, at directory: Int32) throws(SystemError) {
    try removeEntry(name, at: directory)
}

/// By C string: names inside the tree are bytes, not always UTF-8.
private func removeEntry(_ name: UnsafePointer<CChar>, at directory: Int32) throws(SystemError) {
    // For a directory Linux says EISDIR; any other reason comes back from the calls below.
    if unlinkat(directory, name, 0) == 0 || errno == ENOENT { return }
    var place = try TreePlace(try Descriptor.openDirectory(name, at: directory), crossesMounts: false)
    // Of the directories from that one to the place: those in it that are still to be removed.
    var waiting = [try place.removeFiles()]
    while let left = waiting.last {
        if let below = left.directories.last {
            do throws(SystemError) { try place.enter(below) } catch {
                guard error.code == EXDEV else { throw error }
                let name = String(decoding: below.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
                throw SystemError("unlinkat", "\(name), on which something is mounted,", code: EBUSY)
            }
            waiting.append(try place.removeFiles())
        } else if left.isPart {
            waiting[waiting.count - 1] = try place.removeFiles()
        } else {
            waiting.removeLast()
            try place.leave()
            guard let emptied = waiting.last?.directories.last else { break }
            try removeDirectory(emptied, at: place.raw)
            waiting[waiting.count - 1].directories.removeLast()
        }
    }
    try removeDirectory(name, at: directory)
}

private func removeDirectory(_ name: UnsafePointer<CChar>, at directory: Int32) throws(SystemError) {
    try retrying("unlinkat", String(cString: name)) { unlinkat(directory, name, AT_REMOVEDIR) }
}

/// Directories in a directory that are to be removed.
private struct Remaining {
    /// How many are noted at once: there may be millions.
    static let most = 256

    var directories: [[CChar]] = []
    /// Whether there may be more.
    var isPart = false
}

extension TreePlace {
    /// Removes what is in this directory but directories, and tells those.
    fileprivate borrowing func removeFiles() throws(SystemError) -> Remaining {
        var remaining = Remaining()
        let directory = raw
        try forEachName { name in
            if unlinkat(directory, name, 0) == 0 || errno == ENOENT { return true }
            remaining.directories.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
            remaining.isPart = remaining.directories.count == Remaining.most
            return !remaining.isPart
        }
        return remaining
    }
}
