import Glibc
import Linux

/// Brings a staged image into the store. The caller holds the store's lock.
///
/// The order is what makes it safe to kill: layers and blobs first, each by rename; names last.
struct ImageInstallation {
    let archive: StagedArchive
    let store: ImageStore
    /// Where the image comes from, for messages: a path, or a name.
    let source: String
    /// What its registry said of it; nil when it does not come from one.
    var origin: ImageOrigin?

    private var layout: StoreLayout { store.layout }

    /// Unpacks the layers that are missing, keeps the blobs, and gives the image its names; or leaves nothing of it.
    func install(_ image: ArchivedImage, as names: [ImageReference]) async throws -> [StoredImage] {
        // What is there already is somebody's; what is not must not stay when this fails.
        let layers = image.layers.map(\.diffID).filter { access(layout.layer($0), F_OK) != 0 }
        let blobs = image.files.map(\.digest).filter { access(layout.blob($0), F_OK) != 0 }
        do {
            return try await installMissing(of: image, as: names)
        } catch {
            // The failure matters more than one to clean up after it: what is left is swept by the next removal.
            try? StoreSweep(layout: layout, named: store.references.records()).run(
                layers: layers.map(\.hex), blobs: blobs.map(\.hex))
            throw error
        }
    }

    private func installMissing(of image: ArchivedImage, as names: [ImageReference]) async throws -> [StoredImage] {
        for layer in image.layers where access(layout.layer(layer.diffID), F_OK) != 0 {
            try await store.install(layer, from: archive, about: source)
        }
        try keepBlobs(of: image)
        return try names.map { name in
            let record = ImageRecord(image, as: name, from: origin)
            try store.references.put(record)
            return record.stored(in: layout)
        }
    }

    private func keepBlobs(of image: ArchivedImage) throws {
        for blob in image.files where access(layout.blob(blob.digest), F_OK) != 0 {
            // Whoever staged the files has synced them.
            try retrying("rename", archive.path(blob)) { rename(archive.path(blob), layout.blob(blob.digest)) }
        }
        try syncDirectory(layout.blobs)
    }
}
