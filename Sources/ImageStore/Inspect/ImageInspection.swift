/// Everything that is known about a stored image.
public struct ImageInspection: Sendable, Hashable {
    /// The image under the name that was asked for.
    public let image: StoredImage
    /// All names it goes by, that one included, sorted.
    public let names: [ImageReference]
    /// The digest of its manifest; nil when it came without one.
    public let manifest: Digest?
    /// What it was made for; empty when it does not say.
    public let os: String
    /// What it was made for, in Go's words; empty when it does not say.
    public let architecture: String
    /// When it was made, in its own words; nil when it does not say.
    public let created: String?
    /// The digests of its uncompressed layers, bottom first.
    public let diffIDs: [Digest]
}

extension ImageStore {
    /// Looks at an image; nil when there is none of this name.
    ///
    /// - Throws: `ImageStoreError.storeUnusable`.
    public func inspect(_ reference: ImageReference) throws -> ImageInspection? {
        try reading {
            guard let record = try references.record(reference) else { return nil }
            let file = try configFile(of: record)
            let names = try references.records().filter { $0.imageID == record.imageID }.map(\.reference)
            return ImageInspection(
                image: record.stored(in: layout), names: names.sorted { $0.description < $1.description },
                manifest: record.manifest, os: file.os ?? "", architecture: file.architecture ?? "",
                created: record.created ?? file.created, diffIDs: record.diffIDs)
        }
    }

    private func configFile(of record: ImageRecord) throws -> ConfigFile {
        let bytes = try storedBytes(of: record.imageID)
        do { return try JSON.decode(ConfigFile.self, from: bytes) } catch {
            throw ImageStoreError.storeUnusable(
                store: layout.root,
                reason: "the configuration of \(record.reference.familiar) is damaged (\(error)); remove the image and "
                    + "get it again")
        }
    }
}
