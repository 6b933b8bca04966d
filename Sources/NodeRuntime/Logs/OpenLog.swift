import Glibc
import Linux

/// Opens a container's log file for reading: no link leads anywhere else, neither at its name nor at its Pod's and its
/// container's directories. A Pod that may write to the node's logs cannot have others read to it through them.
///
/// - Parameter path: `<log-dir>/<Pod>/<container>/<file>`; whoever chose the log directory may have come there by a link.
func openLog(_ path: String) throws(SystemError) -> Descriptor {
    let parts = path.split(separator: "/").map(String.init)
    let own = parts.suffix(3)
    let root = (path.hasPrefix("/") ? "/" : "") + parts.dropLast(3).joined(separator: "/")
    var place = try Descriptor.open(root.isEmpty ? "." : root, Descriptor.pathOnly | O_DIRECTORY)
    for name in own.dropLast() {
        place = try Descriptor.open(name, Descriptor.pathOnly | O_DIRECTORY | O_NOFOLLOW, at: place.raw)
    }
    guard let name = own.last else { throw SystemError("openat", path, code: ENOENT) }
    // What is no file, a pipe say, keeps nobody waiting.
    let file = try Descriptor.open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, at: place.raw)
    guard try file.status().kind == .regular else { throw SystemError("openat", path, code: EINVAL) }
    return file
}
