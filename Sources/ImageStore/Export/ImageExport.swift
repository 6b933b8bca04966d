import Glibc
import Linux
import NIOPosix

extension ImageStore {
    /// Writes an image as a tar of an OCI layout, which `image import`, podman, skopeo and docker (25 and later) read.
    ///
    /// - Parameter output: where the tar goes, open for writing; stays open.
    /// - Returns: false when there is no image of this name.
    /// - Throws: `ImageStoreError`, `SystemError` of `output`.
    public func export(_ reference: ImageReference, to output: Int32) async throws -> Bool {
        let layout = layout
        return try await NIOThreadPool.singleton.runIfActive {
            guard let record = try self.references.record(reference) else { return false }
            guard let layers = record.layerBlobs else {
                throw ImageStoreError.storeUnusable(
                    store: layout.root,
                    reason: "what \(reference.familiar) is made of was not noted by the version that imported it; "
                        + "import it again")
            }
            try ExportedLayout(record, layers: layers, in: self).write(to: output)
            return true
        }
    }
}

/// An OCI layout of one image, put together from a store's blobs (image-spec, image-layout.md).
private struct ExportedLayout {
    private let store: ImageStore
    private let index: [UInt8]
    /// A manifest that the store does not have.
    private let made: [UInt8]?
    private let blobs: [Digest]

    init(_ record: ImageRecord, layers: [Digest], in store: ImageStore) throws {
        self.store = store
        let manifest: [UInt8]
        if let digest = record.manifest {
            manifest = try store.storedBytes(of: digest)
            made = nil
            blobs = [digest, record.imageID] + layers
        } else {
            manifest = try JSON.encode(MadeManifest(record, layers: layers, in: store))
            made = manifest
            blobs = [record.imageID] + layers
        }
        index = try JSON.encode(MadeIndex(manifest, of: record))
    }

    func write(to output: Int32) throws {
        let tar = try TarWriter.make(output)
        try tar.add("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
        try tar.add("index.json", index)
        if let made { try tar.add("blobs/sha256/\(Digest(of: made).hex)", made) }
        var written: Set<Digest> = []
        for digest in blobs where written.insert(digest).inserted {
            let blob = try Descriptor.open(store.layout.blob(digest), O_RDONLY | O_NOFOLLOW)
            try tar.add("blobs/sha256/\(digest.hex)", contentsOf: blob)
        }
        try tar.finish()
    }
}

/// The manifest of an image that came without one.
private struct MadeManifest: Encodable {
    struct Part: Encodable {
        let mediaType: String
        let digest: Digest
        let size: Int64
    }

    let schemaVersion = 2
    let mediaType = "application/vnd.oci.image.manifest.v1+json"
    let config: Part
    let layers: [Part]

    init(_ record: ImageRecord, layers digests: [Digest], in store: ImageStore) throws {
        config = Part(
            mediaType: "application/vnd.oci.image.config.v1+json", digest: record.imageID,
            size: try Descriptor.open(store.layout.blob(record.imageID), O_RDONLY | O_NOFOLLOW).status().size)
        layers = try digests.map { digest in
            let blob = try Descriptor.open(store.layout.blob(digest), O_RDONLY | O_NOFOLLOW)
            return Part(
                mediaType: "application/vnd.oci.image.layer.v1.tar" + Self.compression(of: blob), digest: digest,
                size: try blob.status().size)
        }
    }

    /// By the first bytes, as every reader tells it.
    private static func compression(of blob: borrowing Descriptor) -> String {
        var start = [UInt8](repeating: 0, count: 4)
        let count = pread(blob.raw, &start, start.count, 0)
        if count >= 2, start[0] == 0x1F, start[1] == 0x8B { return "+gzip" }
        return count >= 4 && start == [0x28, 0xB5, 0x2F, 0xFD] ? "+zstd" : ""
    }

    private enum CodingKeys: String, CodingKey { case schemaVersion, mediaType, config, layers }
}

/// The `index.json` of a layout with one image.
private struct MadeIndex: Encodable {
    struct Entry: Encodable {
        let mediaType: String
        let digest: Digest
        let size: Int
        let annotations: [String: String]
    }

    let schemaVersion = 2
    let manifests: [Entry]

    init(_ manifest: [UInt8], of record: ImageRecord) {
        let isDocker = String(decoding: manifest, as: UTF8.self).contains("vnd.docker.distribution.manifest.v2")
        // podman and skopeo go by the one name, docker and containerd by the other.
        let name = record.reference.description
        manifests = [
            Entry(
                mediaType: isDocker
                    ? "application/vnd.docker.distribution.manifest.v2+json"
                    : "application/vnd.oci.image.manifest.v1+json",
                digest: Digest(of: manifest), size: manifest.count,
                annotations: ["org.opencontainers.image.ref.name": name, "io.containerd.image.name": name])
        ]
    }

    private enum CodingKeys: String, CodingKey { case schemaVersion, manifests }
}
