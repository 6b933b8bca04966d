import Glibc

/// A directory of a tree in which a walk goes down and up again, however deep the tree is, with few descriptors.
///
/// The directories nearest to it stay open, so that nothing that others rename meanwhile disturbs the walk. Those further up
/// are found again as parents of what is open, and known by their inodes.
public struct TreePlace: ~Copyable {
    /// Directories that stay open beside the first.
    static let mostOpen = 200

    private struct Level {
        /// -1 while it is let go of.
        var raw: Int32
        let device: dev_t
        let inode: ino_t
    }

    /// From the first directory to this one, which is always open.
    private var levels: [Level]
    private let crossesMounts: Bool

    /// The place at a directory, where the walk begins.
    ///
    /// - Parameter crossesMounts: whether the walk goes on in what is mounted on the way. Where it does not, entering such a
    ///   directory by its name fails with EXDEV, also when it is of the same file system.
    public init(_ directory: borrowing Descriptor, crossesMounts: Bool = true) throws(SystemError) {
        self.crossesMounts = crossesMounts
        levels = [try Self.level(".", at: directory.raw)]
    }

    deinit { for level in levels where level.raw >= 0 { close(level.raw) } }

    /// The directory's descriptor, valid until the next move. Borrow it for a call; never store it.
    public var raw: Int32 { levels[levels.count - 1].raw }

    /// Goes down into a directory of this one; no link is followed.
    public mutating func enter(_ name: UnsafePointer<CChar>) throws(SystemError) {
        let above = raw
        try enter(name, at: above)
    }

    /// Goes down into a directory of this one that is known by a descriptor.
    ///
    /// - Parameter directory: opened in any way, `O_PATH` included.
    public mutating func enter(_ directory: borrowing Descriptor) throws(SystemError) {
        try enter(".", at: directory.raw)
    }

    private mutating func enter(_ name: UnsafePointer<CChar>, at directory: Int32) throws(SystemError) {
        let below = try Self.level(name, at: directory, crossesMounts: crossesMounts)
        levels.append(below)
        let distant = levels.count - 1 - Self.mostOpen
        guard distant > 0, levels[distant].raw >= 0 else { return }
        close(levels[distant].raw)
        levels[distant].raw = -1
    }

    /// Goes up again to the directory that this one was entered from; the first is never left.
    ///
    /// - Throws: `SystemError`, ESTALE when this one was moved elsewhere meanwhile and the way up was let go of.
    public mutating func leave() throws(SystemError) {
        let above = levels.count - 2
        if above < 0 { return }
        if levels[above].raw < 0 {
            let found = try Self.level("..", at: levels[above + 1].raw)
            guard found.device == levels[above].device, found.inode == levels[above].inode else {
                close(found.raw)
                throw SystemError("walk", code: ESTALE)
            }
            levels[above] = found
        }
        close(levels[above + 1].raw)
        levels.removeLast()
    }

    /// Gives the name of each entry of this directory but `.` and `..`, as the kernel has it: bytes, not always UTF-8.
    ///
    /// - Parameter body: false ends it. The name is valid only meanwhile.
    public borrowing func forEachName(_ body: (UnsafePointer<CChar>) -> Bool) throws(SystemError) {
        // fdopendir takes over the descriptor it is given, and moves its offset.
        let opened = try Descriptor.openDirectory(".", at: raw).release()
        guard let stream = fdopendir(opened) else {
            let failure = SystemError("fdopendir")
            close(opened)
            throw failure
        }
        defer { closedir(stream) }
        errno = 0
        while let entry = readdir(stream) {
            let goesOn = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                let name = UnsafeRawPointer(tuple).assumingMemoryBound(to: CChar.self)
                return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || body(name)
            }
            if !goesOn { return }
            errno = 0
        }
        if errno != 0 { throw SystemError("readdir") }
    }

    private static func level(
        _ name: UnsafePointer<CChar>, at directory: Int32, crossesMounts: Bool = true
    ) throws(SystemError) -> Level {
        let opened = try Descriptor.openDirectory(name, at: directory, crossesMounts: crossesMounts)
        let raw = opened.raw
        var found = stat()
        try retrying("fstat", String(cString: name)) { fstat(raw, &found) }
        return Level(raw: opened.release(), device: found.st_dev, inode: found.st_ino)
    }
}
