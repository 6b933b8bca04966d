import CLibArchive
import Glibc

/// What one entry of a layer's tar asks for, by the rules of the OCI image specification (layer.md) and ours.
enum LayerEntry {
    /// Make it: a file, directory, symbolic or hard link, or fifo.
    case file(ArchivePath)
    /// `.wh.NAME`: hide NAME of the layers below.
    case whiteout(ArchivePath)
    /// `.wh..wh..opq`: hide everything the layers below have in this directory.
    case opaque(ArchivePath)
    /// Any other `.wh..wh.` name: aufs's own bookkeeping, which means nothing here.
    case metadata
    /// A device node: left out, because a container's devices come from the runtime, never from an image.
    case device

    /// Judges an entry, and removes from it what must not reach the disk.
    ///
    /// - Throws: `Refusal` when it breaks a rule.
    init(_ entry: OpaquePointer, limits: UnpackLimits) throws {
        guard let name = archive_entry_pathname(entry) else { throw Refusal("an entry has a name without meaning") }
        let path = try ArchivePath(name)
        if let marker = try LayerEntry.marker(path) {
            self = marker
            return
        }
        try LayerEntry.check(entry, path, limits)
        LayerEntry.keepKnownAttributes(entry)
        switch try EntryKind(entry) {
        case .directory: self = .file(path)
        case .file, .symbolicLink, .hardLink, .fifo:
            if path.components.isEmpty { throw Refusal("its layer's root is not a directory") }
            self = .file(path)
        case .device: self = .device
        case .other: throw Refusal("the entry \(quoted(path)) is of no kind a layer may hold")
        }
    }

    private static func marker(_ path: ArchivePath) throws(Refusal) -> LayerEntry? {
        guard let name = path.name else { return nil }
        if path.components.contains(where: { $0.starts(with: aufsPrefix) && $0 != opaqueMarker }) { return .metadata }
        if path.parent.components.contains(where: { $0.starts(with: whiteoutPrefix) }) {
            throw Refusal("the entry \(quoted(path)) lies below a whiteout")
        }
        guard name.starts(with: whiteoutPrefix) else { return nil }
        if name == opaqueMarker { return .opaque(path.parent) }
        let hidden = Array(name.dropFirst(whiteoutPrefix.count))
        // Takes care of "", "." and "..".
        guard try !ArchivePath(bytes: hidden.isEmpty ? Array(".".utf8) : hidden).components.isEmpty else {
            throw Refusal("the whiteout \(quoted(path)) names nothing")
        }
        return .whiteout(path.parent.appending(hidden))
    }

    private static func check(_ entry: OpaquePointer, _ path: ArchivePath, _ limits: UnpackLimits) throws(Refusal) {
        // chown(2) takes the largest id for "leave as it is", and larger ones wrap (CVE-2024-40635).
        let ids = 0...Int64(Int32.max)
        guard ids.contains(archive_entry_uid(entry)), ids.contains(archive_entry_gid(entry)) else {
            throw Refusal("the entry \(quoted(path)) has an owner beyond 2147483647")
        }
        guard (0...limits.bytes).contains(archive_entry_size(entry)) else {
            throw Refusal("the entry \(quoted(path)) is larger than \(limits.bytes) bytes")
        }
    }

    /// Keeps `user.*` and `security.capability`. Others would speak to this machine: `trusted.overlay.*` redirects
    /// overlayfs, `security.*` sets labels, `system.*` sets ACLs.
    private static func keepKnownAttributes(_ entry: OpaquePointer) {
        var kept: [(name: [CChar], value: [UInt8])] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        archive_entry_xattr_reset(entry)
        while archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK {
            guard let name, strncmp(name, "user.", 5) == 0 || strcmp(name, "security.capability") == 0 else { continue }
            let bytes = UnsafeRawBufferPointer(start: value, count: size)
            kept.append((Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)), Array(bytes)))
        }
        archive_entry_xattr_clear(entry)
        for (name, value) in kept { archive_entry_xattr_add_entry(entry, name, value, value.count) }
    }
}

private let whiteoutPrefix = Array(".wh.".utf8)
private let aufsPrefix = Array(".wh..wh.".utf8)
private let opaqueMarker = Array(".wh..wh..opq".utf8)

private func quoted(_ path: ArchivePath) -> String {
    quoted(Array(path.components.joined(separator: [UInt8(ascii: "/")])))
}
