import Glibc
import Linux
import Manifests
import PodModel

/// To whom a Pod's own volumes belong beside root: its `fsGroup` (kubelet: `SetVolumeOwnership`).
///
/// All below a volume's directory gets the group, and what the group needs to use it; directories hand the group on to what
/// is made in them later. Everything is done by descriptors and no link is followed: whoever writes to the volume meanwhile
/// can lead the walk nowhere else.
struct VolumeOwnership: Sendable, Hashable {
    /// The group.
    let group: UInt32
    /// Whether it may only read.
    let isReadOnly: Bool

    /// AT_EMPTY_PATH, which glibc shows only to those who ask for all of it.
    private static let emptyPath: Int32 = 0x1000

    /// Gives a directory, and all that lies below it, to the group.
    ///
    /// - Throws: `SystemError`.
    func apply(to directory: borrowing Descriptor) throws(SystemError) {
        try give(directory, ".")
        try directory.walk { file, _, name throws(SystemError) in try give(file, name) }
    }

    /// Whether a directory does not look as this leaves it (kubelet: `requiresPermissionChange`).
    func isWanted(for directory: borrowing Descriptor) throws(SystemError) -> Bool {
        let found = try status(of: directory)
        let wanted = permissions(of: found)
        return found.st_gid != group || found.st_mode & wanted != wanted
    }

    /// Gives one open file or directory to the group, with these permissions besides.
    ///
    /// - Parameter file: opened in any way, `O_PATH` included.
    func give(_ file: borrowing Descriptor, _ name: String) throws(SystemError) {
        let before = try status(of: file)
        let raw = file.raw
        try retrying("fchownat", name) { fchownat(raw, "", uid_t.max, group, Self.emptyPath) }
        // A link's own permissions say nothing.
        if before.st_mode & S_IFMT == S_IFLNK { return }
        // Changing the group takes set-user-ID bits away; what was there before comes back with what is added.
        let mode = (before.st_mode & 0o7777) | permissions(of: before)
        // By the kernel's own link to the open file: what the name leads to by now does not matter.
        try retrying("chmod", name) { chmod("/proc/self/fd/\(raw)", mode) }
    }

    /// What the group needs.
    private func permissions(of found: stat) -> mode_t {
        let use: mode_t = isReadOnly ? 0o440 : 0o660
        return found.st_mode & S_IFMT == S_IFDIR ? use | 0o110 | S_ISGID : use
    }

    private func status(of file: borrowing Descriptor) throws(SystemError) -> stat {
        var found = stat()
        let raw = file.raw
        try retrying("fstat") { fstat(raw, &found) }
        return found
    }
}

extension PodSpec {
    /// To whom a volume belongs beside root; nil where nobody asked for it, or the volume is not the Pod's own.
    func ownership(of volume: Volume) -> VolumeOwnership? {
        guard let group = securityContext?.fsGroup, volume.hostPath == nil, volume.image == nil else {
            return nil
        }
        // A claim that is only read stays as those made it who write to it (kubelet's local volumes).
        if volume.persistentVolumeClaim?.readOnly == true { return nil }
        return VolumeOwnership(group: UInt32(clamping: group), isReadOnly: volume.isOfFiles)
    }

    /// Whether a volume that looks right already is left alone: only one that outlives its Pod is big enough (kubelet).
    func leavesAlone(_ volume: Volume) -> Bool {
        securityContext?.fsGroupChangePolicy == .onRootMismatch && volume.persistentVolumeClaim != nil
    }
}
