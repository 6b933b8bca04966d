import Glibc
import Linux

/// Makes a directory that decides what runs as root, or checks that nobody else could have had a hand in one that is there.
///
/// One that others may merely read is closed to them. One that others may write to is closed only while it is empty: what
/// it holds may be theirs.
///
/// - Throws: `NodeRuntimeError.untrustedDirectory` when it, or a link that leads to it, is another user's, or others could
///   write to it.
func secureDirectory(_ path: String) throws {
    try makeDirectory(path)
    var link = stat()
    try retrying("lstat", path) { lstat(path, &link) }
    try requireOurs(link, path, what: link.kind == mode_t(S_IFLNK) ? "the link" : "it")
    let directory = try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
    var status = stat()
    let raw = directory.raw
    try retrying("fstat", path) { fstat(raw, &status) }
    try requireOurs(status, path, what: link.kind == mode_t(S_IFLNK) ? "the directory that the link leads to" : "it")
    if status.st_mode & 0o077 == 0 { return }
    if status.st_mode & 0o022 != 0, try !directory.names().isEmpty {
        throw NodeRuntimeError.untrustedDirectory(
            path: path, reason: "others than root may write to it (mode \(String(status.st_mode & 0o7777, radix: 8)))",
            remedy: "look at what it holds, then close it (chmod 0700 \(path)), or choose another directory")
    }
    try retrying("fchmod", path) { fchmod(raw, 0o700) }
}

private func requireOurs(_ status: stat, _ path: String, what: String) throws(NodeRuntimeError) {
    if status.st_uid == geteuid() { return }
    throw .untrustedDirectory(
        path: path, reason: "\(what) belongs to user \(status.st_uid)",
        remedy: "choose another directory, or make it root's if it should be")
}

extension stat {
    fileprivate var kind: mode_t { st_mode & mode_t(S_IFMT) }
}
