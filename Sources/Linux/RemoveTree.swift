import CLinux
import Glibc

/// Removes `path` and all below it, without ever following a link.
///
/// What is not there is no error. Not meant for trees deeper than a few hundred levels: each holds a descriptor.
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
    let subject = String(cString: name)
    let opened = try retrying("openat", subject) {
        clinux_openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
    }
    guard let stream = fdopendir(opened) else {
        let failure = SystemError("fdopendir", subject)
        close(opened)
        throw failure
    }
    defer { closedir(stream) }
    errno = 0
    while let entry = readdir(stream) {
        try withUnsafePointer(to: &entry.pointee.d_name) { tuple throws(SystemError) in
            let child = UnsafeRawPointer(tuple).assumingMemoryBound(to: CChar.self)
            if strcmp(child, ".") != 0 && strcmp(child, "..") != 0 { try removeEntry(child, at: opened) }
        }
        errno = 0
    }
    if errno != 0 { throw SystemError("readdir", subject) }
    try retrying("unlinkat", subject) { unlinkat(directory, name, AT_REMOVEDIR) }
}
