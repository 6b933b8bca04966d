import Glibc

extension Descriptor {
    /// The names in this directory, without `.` and `..`, in no order; those that are not UTF-8 are left out.
    public borrowing func names() throws(SystemError) -> [String] {
        // fdopendir takes over the descriptor it is given, and moves its offset.
        let opened = try Descriptor.open(".", O_RDONLY | O_DIRECTORY, at: raw).release()
        guard let stream = fdopendir(opened) else {
            let failure = SystemError("fdopendir")
            close(opened)
            throw failure
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(validating: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name, name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        if errno != 0 { throw SystemError("readdir") }
        return names
    }
}
