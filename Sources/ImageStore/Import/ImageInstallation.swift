import Glibc
import Linux

/// Brings a staged image into the store. The caller holds the store's lock.
///
/// The order is what makes it safe to kill: layers and blobs first, each by rename; names last.
struct ImageInstallation {
    let archive: StagedArchive
    let store: ImageStore
    /// Where the image comes from, for messages: a path, or a name.
    let origin: String

    private var layout: StoreLayout { store.layout }

    /// Unpacks the layers that are missing, keeps the blobs, and gives the image its names.
    func install(_ image: ArchivedImage, as names: [ImageReference]) async throws -> [StoredImage] {
        for layer in image.layers where access(layout.layer(layer.diffID), F_OK) != 0 {
            try await store.unpack(layer, from: archive, about: origin)
        }
        try keepBlobs(of: image)
        return try names.map { name in
            let record = ImageRecord(image, as: name)
            try store.references.put(record)
            return record.stored(in: layout)
        }
    }

    private func keepBlobs(of image: ArchivedImage) throws {
        let blobs = [image.manifest, image.configFile].compactMap { $0 } + image.layers.map(\.blob)
        for blob in blobs where access(layout.blob(blob.digest), F_OK) != 0 {
            // Whoever staged the files has synced them.
            try retrying("rename", archive.path(blob)) { rename(archive.path(blob), layout.blob(blob.digest)) }
        }
        try syncDirectory(layout.blobs)
    }
}
