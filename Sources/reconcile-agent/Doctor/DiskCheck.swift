import Glibc

/// Whether there is room for images, layers and logs.
enum DiskCheck {
    /// The kubelet's thresholds: below 10 % of room, 5 % of inodes it begins to evict.
    static func finding(_ what: String, _ directory: String) -> Finding {
        let place = existing(directory)
        var status = statvfs()
        guard statvfs(place, &status) == 0 else {
            return .problem(
                what, "\(place) cannot be looked at: \(String(cString: strerror(errno)))",
                remedy: "see the disk's health")
        }
        return finding(
            what, place, free: UInt64(status.f_bavail) * UInt64(status.f_frsize),
            of: UInt64(status.f_blocks) * UInt64(status.f_frsize), freeFiles: UInt64(status.f_favail),
            ofFiles: UInt64(status.f_files), isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0)
    }

    static func finding(
        _ what: String, _ place: String, free: UInt64, of size: UInt64, freeFiles: UInt64, ofFiles files: UInt64,
        isReadOnly: Bool = false
    ) -> Finding {
        let room = "\(gibibytes(free)) GiB free in \(place)"
        if isReadOnly {
            return .problem(
                what, "\(place) is on a read-only file system: nothing can be kept", remedy: "remount it rw")
        }
        if free < 100 << 20 || (files > 0 && freeFiles < 1000) {
            return .problem(
                what,
                "\(place) is full (\(free >> 20) MiB, \(freeFiles) inodes left): Pods cannot be started or recorded",
                remedy: "free some room, or choose another directory")
        }
        if free * 10 < size || (files > 0 && freeFiles * 20 < files) {
            return .note(
                what, "\(room), less than a tenth, or few inodes (\(freeFiles))",
                remedy: "remove images and logs that nobody needs")
        }
        return .ok(what, room)
    }

    /// The directory, or the one it will be made in.
    private static func existing(_ path: String) -> String {
        var parts = path.split(separator: "/")
        while !parts.isEmpty, access("/" + parts.joined(separator: "/"), F_OK) != 0 { parts.removeLast() }
        return "/" + parts.joined(separator: "/")
    }

    private static func gibibytes(_ bytes: UInt64) -> String {
        let tenths = (bytes * 10) >> 30
        return "\(tenths / 10).\(tenths % 10)"
    }
}
