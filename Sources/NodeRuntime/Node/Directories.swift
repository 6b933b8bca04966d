import Glibc
import Linux

/// Makes a directory, and those above it that are missing, with this mode whatever the process's umask is.
func makeDirectory(_ path: String, mode: mode_t = 0o700) throws(SystemError) {
    if mkdir(path, mode) != 0 {
        if errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw SystemError("mkdir", path)
        }
        try makeDirectory(String(path[..<slash]), mode: mode)
        if mkdir(path, mode) != 0 {
            if errno == EEXIST { return }
            throw SystemError("mkdir", path)
        }
    }
    if mode != 0o700 { try retrying("chmod", path) { chmod(path, mode) } }
}

/// The names in a directory; none when it does not exist.
func names(in directory: String) throws(SystemError) -> [String] {
    do {
        return try Descriptor.open(directory, O_RDONLY | O_DIRECTORY).names()
    } catch {
        if error.code == ENOENT { return [] }
        throw error
    }
}

/// A file's content; nil when there is none, also for want of its directory.
func contents(of path: String) throws(SystemError) -> [UInt8]? {
    do {
        return try Descriptor.open(path, O_RDONLY | O_NOFOLLOW).readToEnd()
    } catch {
        if error.code == ENOENT || error.code == ENOTDIR { return nil }
        throw error
    }
}

/// A file's text without blanks at its end; nil when there is none.
func text(of path: String) throws(SystemError) -> String? {
    guard let bytes = try contents(of: path) else { return nil }
    return String(decoding: bytes.reversed().drop { $0 <= 0x20 }.reversed(), as: UTF8.self)
}

/// Whether a directory is there.
func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & mode_t(S_IFMT) == mode_t(S_IFDIR)
}

/// Throws unless `name` is one plain component of a path.
func requirePlain(_ name: String) throws(NodeRuntimeError) {
    guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(where: { $0 == 0x2F || $0 == 0 }) else {
        throw .unsafeName(name)
    }
}
