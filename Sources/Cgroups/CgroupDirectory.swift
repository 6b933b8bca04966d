import CLinux
import Glibc
import Linux

/// An open cgroup. Everything is done relative to it, beneath it and without following a symbolic link, so that no
/// name ever leads out of the tree.
struct CgroupDirectory: ~Copyable {
    let descriptor: Descriptor
    /// For messages.
    let path: String

    /// The root of a hierarchy.
    init(mount: String) throws(CgroupError) {
        do { descriptor = try Descriptor.open(mount, O_RDONLY | O_DIRECTORY) } catch {
            throw .kernel(doing: "open", path: mount, error)
        }
        path = mount
    }

    private init(descriptor: consuming Descriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Whether there is something at a path below.
    borrowing func has(_ path: String) -> Bool { faccessat(descriptor.raw, path, F_OK, 0) == 0 }

    /// The child of a name, or what lies at a path below; nil when there is none.
    borrowing func child(_ name: String) throws(CgroupError) -> CgroupDirectory? {
        do {
            return CgroupDirectory(descriptor: try openBeneath(name, O_RDONLY | O_DIRECTORY), path: "\(path)/\(name)")
        } catch {
            if error.code == ENOENT { return nil }
            throw .kernel(doing: "open", path: "\(path)/\(name)", error)
        }
    }

    /// Makes a child.
    ///
    /// - Returns: false when it is there already.
    @discardableResult
    borrowing func make(_ name: String) throws(CgroupError) -> Bool {
        let raw = descriptor.raw
        do {
            try retrying("mkdir") { mkdirat(raw, name, 0o755) }
            return true
        } catch {
            if error.code == EEXIST { return false }
            throw .kernel(doing: "make", path: "\(path)/\(name)", error)
        }
    }

    /// Makes a child where it is missing, and opens it.
    borrowing func makeChild(_ name: String) throws(CgroupError) -> CgroupDirectory {
        try make(name)
        guard let child = try child(name) else { throw .parentMissing(path: "\(path)/\(name)") }
        return child
    }

    /// Removes an empty child.
    ///
    /// - Returns: false when it has processes or children; true when it is gone, whoever removed it.
    borrowing func remove(_ name: String) throws(CgroupError) -> Bool {
        let raw = descriptor.raw
        do { try retrying("rmdir") { unlinkat(raw, name, AT_REMOVEDIR) } } catch {
            switch error.code {
            case ENOENT: return true
            case EBUSY, ENOTEMPTY: return false
            default: throw .kernel(doing: "remove", path: "\(path)/\(name)", error)
            }
        }
        return true
    }

    /// The names of the children, in no order.
    borrowing func children() throws(CgroupError) -> [String] {
        do {
            // A second open file: reading moves a position that duplicates would share.
            let directory = try openBeneath(".", O_RDONLY | O_DIRECTORY)
            guard let stream = fdopendir(directory.raw) else { throw SystemError("fdopendir") }
            // The stream owns the descriptor now.
            _ = directory.release()
            defer { closedir(stream) }
            var names: [String] = []
            while let entry = readdir(stream) {
                guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { names.append(name) }
            }
            return names
        } catch let error as SystemError { throw .kernel(doing: "list", path: path, error) } catch {
            throw .parentMissing(path: path)
        }
    }

    /// The text of a control file.
    borrowing func read(_ file: String) throws(CgroupError) -> String {
        do {
            return String(decoding: try openBeneath(file, O_RDONLY).readToEnd(), as: UTF8.self)
        } catch { throw .kernel(doing: "read \(file) of", path: path, error) }
    }

    /// Writes a control file with one call, as the kernel wants it.
    borrowing func write(_ file: String, _ text: String) throws(CgroupError) {
        do { try openBeneath(file, O_WRONLY).writeAll(text.utf8) } catch {
            throw .kernel(doing: "write \"\(text)\" to \(file) of", path: path, error)
        }
    }

    /// Writes a control file that not every kernel has, and not every cgroup.
    ///
    /// - Returns: false when it is not there.
    borrowing func writeIfThere(_ file: String, _ text: String) throws(CgroupError) -> Bool {
        do {
            try write(file, text)
            return true
        } catch {
            if case .kernel(_, _, let reason) = error, reason.code == ENOENT { return false }
            throw error
        }
    }

    /// `tasks` of a v1 cgroup, open for threads to enter by themselves.
    borrowing func openTasks() throws(CgroupError) -> Descriptor {
        do { return try openBeneath("tasks", O_WRONLY) } catch {
            throw .kernel(doing: "open tasks of", path: path, error)
        }
    }

    /// The processes in this cgroup itself.
    borrowing func processes() throws(CgroupError) -> [pid_t] {
        do {
            return try read("cgroup.procs").split(separator: "\n").compactMap { pid_t($0) }
        } catch .kernel(_, _, let reason) where reason.code == ENOENT || reason.code == ENODEV {
            // Removed by others since it was opened: it could only be removed empty.
            return []
        }
    }

    /// The processes in this cgroup and everywhere below.
    borrowing func allProcesses() throws(CgroupError) -> [pid_t] {
        var all = try processes()
        for name in try children() { if let child = try child(name) { all += try child.allProcesses() } }
        return all
    }

    /// The descriptor alone.
    consuming func intoDescriptor() -> Descriptor { descriptor }

    private borrowing func openBeneath(_ name: String, _ flags: Int32) throws(SystemError) -> Descriptor {
        let raw = descriptor.raw
        let resolve = UInt64(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV)
        return Descriptor(
            owning: try retrying("openat2", name) {
                clinux_openat2(raw, name, UInt64(flags | O_CLOEXEC), 0, resolve)
            })
    }
}
