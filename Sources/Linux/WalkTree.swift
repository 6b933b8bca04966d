import CLinux
import Glibc

extension Descriptor {
    /// Visits all that lies below this directory, each file by a descriptor that names it alone (`O_PATH`): neither a link nor
    /// a rename by others meanwhile leads the walk anywhere else. A directory comes before what is in it.
    ///
    /// - Parameters:
    ///   - deepest: how many levels are followed; each holds two descriptors.
    ///   - visit: is given the file, what it is, and its name for messages.
    /// - Throws: what `visit` throws; `SystemError`, ELOOP below the deepest level.
    public borrowing func walk(
        deepest: Int, _ visit: (borrowing Descriptor, FileStatus.Kind, String) throws(SystemError) -> Void
    ) throws(SystemError) {
        for name in try entries() {
            let subject = String(cString: name)
            let raw = raw
            let opened = clinux_openat(raw, name, Self.pathOnly | O_NOFOLLOW | O_CLOEXEC, 0)
            // Removed by others meanwhile.
            if opened < 0, errno == ENOENT { continue }
            if opened < 0 { throw SystemError("openat", subject) }
            let file = Descriptor(owning: opened)
            let kind = try file.status().kind
            try visit(file, kind, subject)
            guard kind == .directory else { continue }
            if deepest == 0 { throw SystemError("walk", subject, code: ELOOP) }
            // The one that was visited, whatever has its name by now.
            let below = try Descriptor.open(".", O_RDONLY | O_DIRECTORY, at: file.raw)
            try below.walk(deepest: deepest - 1, visit)
        }
    }

    /// The names in this directory as the kernel has them: bytes, not always UTF-8.
    private borrowing func entries() throws(SystemError) -> [[CChar]] {
        // fdopendir takes over the descriptor it is given, and moves its offset.
        let opened = try Descriptor.open(".", O_RDONLY | O_DIRECTORY, at: raw).release()
        guard let stream = fdopendir(opened) else {
            let failure = SystemError("fdopendir")
            close(opened)
            throw failure
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            if name != [0x2E, 0], name != [0x2E, 0x2E, 0] { names.append(name) }
            errno = 0
        }
        if errno != 0 { throw SystemError("readdir") }
        return names
    }
}
