import Glibc

/// A path as given, made absolute: what is stored or handed to a worker must not depend on the working directory.
///
/// - Throws: `CommandFailure` (usage) when there is no working directory.
func absolutePath(_ path: String) throws -> String {
    if path.hasPrefix("/") { return path }
    guard let current = getcwd(nil, 0) else {
        throw CommandFailure(.usage, "'\(path)' cannot be resolved: the working directory is gone")
    }
    defer { free(current) }
    return "\(String(cString: current))/\(path)"
}
