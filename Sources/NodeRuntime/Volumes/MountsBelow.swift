import Glibc
import Linux

/// What is mounted on the node below a directory of ours: containers with `mountPropagation: Bidirectional` put it there, and
/// it outlives them. It goes before the directory does, which would otherwise be emptied together with what is mounted in it.
struct MountsBelow: Sendable {
    /// Where, as bytes with a slash at the end: those that lie in no other, each as often as something is mounted there.
    let places: [[UInt8]]

    /// Those that this process sees below a directory; none where there is no such directory.
    init(_ directory: String) throws(SystemError) {
        guard let found = realpath(directory, nil) else {
            if errno != ENOENT { throw SystemError("realpath", directory) }
            self.init([], in: [])
            return
        }
        defer { free(found) }
        let path = Array(UnsafeBufferPointer(start: found, count: strlen(found)).map { UInt8(bitPattern: $0) })
        self.init(path, in: try Descriptor.open("/proc/self/mountinfo").readToEnd())
    }

    /// - Parameters:
    ///   - directory: without links in it.
    ///   - mounts: /proc/<pid>/mountinfo.
    init(_ directory: [UInt8], in mounts: some Sequence<UInt8>) {
        let slash = [UInt8(ascii: "/")]
        let all = Array(mounts).split(separator: UInt8(ascii: "\n")).compactMap { line -> [UInt8]? in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count > 4 else { return nil }
            let place = Self.plain(fields[4]) + slash
            return place.starts(with: directory + slash) && place.count > directory.count + 1 ? place : nil
        }
        places = all.sorted { $0.lexicographicallyPrecedes($1) }.reduce(into: []) { outermost, place in
            if let last = outermost.last, place != last, place.starts(with: last) { return }
            outermost.append(place)
        }
    }

    /// Takes all of it away. What is mounted elsewhere too stays there: before a tree of mounts goes, it is told apart from all
    /// others, so that nothing below a bound directory of the node's is unmounted on the node as well.
    func unmount() throws(SystemError) {
        for place in places {
            try call("mount", place) { mount(nil, $0, nil, UInt(MS_REC | MS_PRIVATE), nil) }
            try call("umount2", place) { umount2($0, Int32(MNT_DETACH) | Self.noFollow) }
        }
    }

    /// UMOUNT_NOFOLLOW
    private static let noFollow: Int32 = 8

    private func call(
        _ name: String, _ place: [UInt8], _ body: (UnsafePointer<CChar>) -> Int32
    ) throws(SystemError) {
        let path = place.dropLast().map { CChar(bitPattern: $0) } + [0]
        if body(path) == 0 { return }
        // Gone with what it was mounted in, or by somebody else.
        if errno == EINVAL || errno == ENOENT { return }
        throw SystemError(name, String(decoding: place, as: UTF8.self))
    }

    /// Without the kernel's way of writing spaces, tabs, line feeds and backslashes: three octal digits each.
    private static func plain(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3).map { Int($0) - 0x30 }
            if byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy((0...7).contains) {
                bytes.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + $1 }))
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

extension MountsBelow {
    /// Removes a directory of ours with all that is in it, but nothing of what is mounted in it.
    static func removeTree(_ directory: String) throws(SystemError) {
        try MountsBelow(directory).unmount()
        try Linux.removeTree(directory)
    }
}
