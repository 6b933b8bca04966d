import Glibc
import Linux

extension ImageStore {
    /// Brings a staged layer to its place in the store; unpacks it, if that was not done ahead.
    func install(_ layer: ArchivedImage.Layer, from archive: StagedArchive, about path: String) async throws {
        let ahead = archive.unpacked(layer.diffID)
        let isUnpacked = access(ahead, F_OK) == 0
        let directory = isUnpacked ? ahead : try layout.makeTemporary(in: layout.layers)
        do {
            if !isUnpacked { try await unpack(layer, from: archive, into: directory, about: path) }
            // The worker has synced the content; what is left is the name.
            try retrying("rename", directory) { rename(directory, layout.layer(layer.diffID)) }
            try syncDirectory(layout.layers)
        } catch {
            try removeTree(directory)
            throw error
        }
    }

    /// Unpacks a staged layer into an empty directory. What is there after a failure is nothing.
    ///
    /// - Parameters:
    ///   - arrival: what tells of its blob while that comes; nil when it is there.
    ///   - patience: for how long.
    func unpack(
        _ layer: ArchivedImage.Layer, from archive: StagedArchive, into directory: String, about path: String,
        following arrival: BlobArrival? = nil, within patience: Duration = ImageStore.patience
    ) async throws {
        let unpacked: UnpackedLayer = try await ask(
            .layer(
                blob: archive.path(layer.blob), isArriving: arrival != nil, directory: directory, diffID: layer.diffID,
                limits: limits),
            about: path, within: patience, following: arrival)
        try markOpaque(unpacked.opaqueDirectories, in: directory)
    }

    /// Marks directories as hiding what lies below them (overlayfs: `trusted.overlay.opaque`).
    ///
    /// Done here and not in the worker, because it takes CAP_SYS_ADMIN. The paths come from a layer, and are resolved
    /// without leaving it and without links.
    private func markOpaque(_ directories: [String], in layer: String) throws {
        guard !directories.isEmpty else { return }
        let root = try Descriptor.open(layer, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        for directory in directories {
            let opened = try Descriptor.openBeneath(root.raw, directory, O_RDONLY | O_DIRECTORY)
            try opened.setExtendedAttribute("trusted.overlay.opaque", "y")
            try opened.sync()
        }
    }
}
