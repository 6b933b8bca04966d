import Glibc
import Linux

extension ImageStore {
    /// Unpacks a staged layer to its place in the store.
    func unpack(_ layer: ArchivedImage.Layer, from archive: StagedArchive, about path: String) async throws {
        let directory = try layout.makeTemporary(in: layout.layers)
        do {
            let unpacked: UnpackedLayer = try await ask(
                .layer(blob: archive.path(layer.blob), directory: directory, diffID: layer.diffID, limits: limits),
                about: path)
            try markOpaque(unpacked.opaqueDirectories, in: directory)
            // The worker has synced the content; what is left is the name.
            try retrying("rename", directory) { rename(directory, layout.layer(layer.diffID)) }
            try syncDirectory(layout.layers)
        } catch {
            try removeTree(directory)
            throw error
        }
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
