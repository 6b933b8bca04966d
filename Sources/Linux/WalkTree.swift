import CLinux
import Glibc

extension Descriptor {
    /// Visits all that lies below this directory, however deep, each file by a descriptor that names it alone (`O_PATH`):
    /// neither a link nor a rename by others meanwhile leads the walk anywhere else. A directory comes before what is in it.
    ///
    /// - Parameter visit: is given the file, what it is, and its name for messages.
    /// - Throws: what `visit` throws; `SystemError`, ESTALE when a directory hundreds of levels down was moved elsewhere
    ///   meanwhile.
    public borrowing func walk(
        _ visit: (borrowing Descriptor, FileStatus.Kind, String) throws(SystemError) -> Void
    ) throws(SystemError) {
        var place = try TreePlace(self)
        // Of the directories from this one to the place: what is still to be visited.
        var waiting = [try place.names()]
        while !waiting.isEmpty {
            guard let name = waiting[waiting.count - 1].popLast() else {
                waiting.removeLast()
                try place.leave()
                continue
            }
            let subject = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            let opened = clinux_openat(place.raw, name, Self.pathOnly | O_NOFOLLOW | O_CLOEXEC, 0)
            // Removed by others meanwhile.
            if opened < 0, errno == ENOENT { continue }
            if opened < 0 { throw SystemError("openat", subject) }
            let file = Descriptor(owning: opened)
            let kind = try file.status().kind
            try visit(file, kind, subject)
            guard kind == .directory else { continue }
            // The one that was visited, whatever has its name by now.
            try place.enter(file)
            waiting.append(try place.names())
        }
    }
}

extension TreePlace {
    /// The names in this directory.
    fileprivate borrowing func names() throws(SystemError) -> [[CChar]] {
        var names: [[CChar]] = []
        try forEachName { name in
            names.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
            return true
        }
        return names
    }
}
